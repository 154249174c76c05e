/* SPDX-License-Identifier: MIT */
#define COBJMACROS
#include <windows.h>

#include <stdio.h>
#include <wbemcli.h>

#include "wmi.h"

static IWbemServices *connect_to_services(void)
{
    wchar_t path[] = L"ROOT\\CIMV2";
    IWbemLocator *locator = NULL;
    IWbemServices *services = NULL;
    BSTR name = SysAllocString(path);
    HRESULT result;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    result = CoCreateInstance(&CLSID_WbemLocator, NULL, CLSCTX_INPROC_SERVER, &IID_IWbemLocator,
                              (void **)&locator);
    if (SUCCEEDED(result)) {
        result =
            IWbemLocator_ConnectServer(locator, name, NULL, NULL, NULL, 0, NULL, NULL, &services);
        IWbemLocator_Release(locator);
    }
    SysFreeString(name);
    printf("  connects %08lx\n", result);
    return services;
}

static IEnumWbemClassObject *query(IWbemServices *services, const wchar_t *class_name)
{
    wchar_t text[128];
    IEnumWbemClassObject *objects = NULL;
    BSTR language = SysAllocString(L"WQL");
    BSTR question;

    swprintf(text, sizeof(text) / sizeof(text[0]), L"SELECT * FROM %ls", class_name);
    question = SysAllocString(text);
    printf("  answers %08lx\n", IWbemServices_ExecQuery(services, language, question,
                                                        WBEM_FLAG_FORWARD_ONLY, NULL, &objects));
    SysFreeString(question);
    SysFreeString(language);
    return objects;
}

static void print_texts(SAFEARRAY *texts)
{
    LONG last = -1;

    SafeArrayGetUBound(texts, 1, &last);
    for (LONG i = 0; i <= last; i++) {
        BSTR text = NULL;

        SafeArrayGetElement(texts, &i, &text);
        printf(" %ls", text);
        SysFreeString(text);
    }
}

static void print_value(VARIANT *value)
{
    VARIANT text;

    VariantInit(&text);
    if (V_VT(value) == (VT_ARRAY | VT_BSTR)) {
        print_texts(V_ARRAY(value));
    } else if (SUCCEEDED(VariantChangeType(&text, value, VARIANT_ALPHABOOL, VT_BSTR))) {
        printf(" %ls", V_BSTR(&text));
    } else {
        printf(" of type %d", V_VT(value));
    }
    VariantClear(&text);
}

static void print_property(IWbemClassObject *object, const wchar_t *name)
{
    VARIANT value;

    VariantInit(&value);
    printf("    %ls:", name);
    if (SUCCEEDED(IWbemClassObject_Get(object, name, 0, &value, NULL, NULL))) {
        print_value(&value);
    }
    printf("\n");
    VariantClear(&value);
}

void wmi_print(const wchar_t *class_name, const wchar_t *const properties[])
{
    IWbemServices *services;
    IEnumWbemClassObject *objects;
    IWbemClassObject *object;
    ULONG count;

    printf("%ls\n", class_name);
    services = connect_to_services();
    objects = services ? query(services, class_name) : NULL;
    while (objects &&
           IEnumWbemClassObject_Next(objects, 5000, 1, &object, &count) == WBEM_S_NO_ERROR) {
        for (int i = 0; properties[i]; i++) {
            print_property(object, properties[i]);
        }
        IWbemClassObject_Release(object);
    }
    if (objects) {
        IEnumWbemClassObject_Release(objects);
    }
    if (services) {
        IWbemServices_Release(services);
    }
}
