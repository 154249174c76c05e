<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: MIT -->
<!-- One page of what Doxygen read in include/settcpentry.h; ./dev reference runs it. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="html" encoding="UTF-8" doctype-system="about:legacy-compat" indent="no"/>
  <xsl:param name="version"/>

  <!-- What is not known here is not left out in silence. -->
  <xsl:template match="*">
    <xsl:message terminate="yes">docs/reference.xsl knows no &lt;<xsl:value-of select="name()"/>&gt;</xsl:message>
  </xsl:template>

  <xsl:template match="/">
    <xsl:apply-templates select="doxygen/compounddef"/>
  </xsl:template>

  <xsl:template match="compounddef">
    <xsl:if test="not(sectiondef/memberdef[@kind='function' and name='SetTcpEntry'])">
      <xsl:message terminate="yes">docs/Doxyfile found no type of SetTcpEntry</xsl:message>
    </xsl:if>
    <html lang="en">
      <head>
        <title>settcpentry.h <xsl:value-of select="$version"/></title>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <style>
          :root { color-scheme: light dark; --line: #8886; --box: #8881 }
          body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem }
          h2 { margin: 3rem 0 0; border-top: 1px solid var(--line); padding-top: 1rem }
          h3 { margin: 1.5rem 0 .5rem; font-size: 1rem }
          code, pre, h1, h2 { font-family: ui-monospace, monospace }
          code, pre { font-size: .9em }
          pre { background: var(--box); padding: .6rem .8rem; overflow-x: auto }
          table { border-collapse: collapse; width: 100% }
          td { border-top: 1px solid var(--line); padding: .4rem 1rem .4rem 0; vertical-align: top }
          td:first-child { white-space: nowrap }
          .para, table { margin: .7rem 0 }
          td .para, td ul { margin: 0 }
          ul { padding-left: 1.2rem }
        </style>
      </head>
      <body>
        <h1>settcpentry.h <xsl:value-of select="$version"/></h1>
        <xsl:apply-templates select="briefdescription/para | detaileddescription/para"/>
        <ul>
          <xsl:for-each select="sectiondef[@kind='func']/memberdef">
            <li><a href="#{name}"><code><xsl:value-of select="name"/></code></a>: <xsl:call-template name="brief"/></li>
          </xsl:for-each>
          <li><a href="#types">Types of functions</a>, <a href="#constants">constants</a></li>
        </ul>
        <xsl:apply-templates select="sectiondef[@kind='func']/memberdef"/>
        <h2 id="types">Types of functions</h2>
        <xsl:apply-templates select="sectiondef[@kind='typedef']/memberdef"/>
        <h2 id="constants">Constants</h2>
        <xsl:apply-templates select="sectiondef[@kind='define']/memberdef"/>
      </body>
    </html>
  </xsl:template>

  <!-- A comment that begins with "NAME - " goes on with what it does. -->
  <xsl:template name="brief">
    <xsl:variable name="text" select="normalize-space(briefdescription)"/>
    <xsl:variable name="start" select="concat(name, ' - ')"/>
    <xsl:choose>
      <xsl:when test="starts-with($text, $start)"><xsl:value-of select="substring-after($text, $start)"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="$text"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="memberdef[@kind='function']">
    <h2 id="{name}"><xsl:value-of select="name"/></h2>
    <p><xsl:call-template name="brief"/></p>
    <pre><xsl:value-of select="concat(definition, argsstring, ';')"/></pre>
    <xsl:apply-templates select="detaileddescription/para"/>
  </xsl:template>

  <xsl:template match="memberdef[@kind='typedef']">
    <pre id="{name}"><xsl:value-of select="concat('typedef ', type, name, argsstring, ';')"/></pre>
    <p><xsl:call-template name="brief"/></p>
    <xsl:apply-templates select="detaileddescription/para"/>
  </xsl:template>

  <xsl:template match="memberdef[@kind='define']">
    <pre id="{name}"><xsl:value-of select="concat('#define ', name, ' ', normalize-space(initializer))"/></pre>
    <p><xsl:call-template name="brief"/></p>
    <xsl:apply-templates select="detaileddescription/para"/>
  </xsl:template>

  <!-- No <p>: Doxygen has lists and tables within paragraphs. -->
  <xsl:template match="para">
    <div class="para"><xsl:apply-templates/></div>
  </xsl:template>

  <xsl:template match="simplesect[@kind='return']">
    <h3>Returns</h3>
    <xsl:apply-templates/>
  </xsl:template>

  <xsl:template match="parameterlist">
    <xsl:if test="@kind='param'"><h3>Parameters</h3></xsl:if>
    <table><xsl:apply-templates/></table>
  </xsl:template>
  <xsl:template match="parameterlist[@kind != 'param' and @kind != 'retval']">
    <xsl:message terminate="yes">docs/reference.xsl knows no list of <xsl:value-of select="@kind"/></xsl:message>
  </xsl:template>
  <xsl:template match="parameteritem">
    <tr><xsl:apply-templates/></tr>
  </xsl:template>
  <xsl:template match="parameternamelist">
    <td>
      <xsl:for-each select="parametername">
        <code><xsl:value-of select="."/></code>
        <xsl:if test="@direction"> (<xsl:value-of select="@direction"/>)</xsl:if>
      </xsl:for-each>
    </td>
  </xsl:template>
  <xsl:template match="parameterdescription">
    <td><xsl:apply-templates/></td>
  </xsl:template>

  <xsl:template match="itemizedlist">
    <ul><xsl:apply-templates/></ul>
  </xsl:template>
  <xsl:template match="listitem">
    <li><xsl:apply-templates/></li>
  </xsl:template>
  <xsl:template match="ulink">
    <a href="{@url}"><xsl:apply-templates/></a>
  </xsl:template>
  <xsl:template match="computeroutput">
    <code><xsl:apply-templates/></code>
  </xsl:template>
  <xsl:template match="ref">
    <a href="#{.}"><code><xsl:apply-templates/></code></a>
  </xsl:template>
</xsl:stylesheet>
