/* SPDX-License-Identifier: MIT */
/* Windows Management Instrumentation, which under Wine is wbemprox.dll. */
#ifndef WMI_H
#define WMI_H

/* Prints these properties (up to a NULL) of all objects of the class, or the error. */
void wmi_print(const wchar_t *class_name, const wchar_t *const properties[]);

#endif
