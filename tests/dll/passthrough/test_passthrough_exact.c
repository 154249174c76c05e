/* SPDX-License-Identifier: MIT */
/* What the system's function sees and what its caller gets back; with the stand-in behind ours. */
#include "drop_in.h"
#include "probe.h"

#include "testing.h"

#include <string.h>

static HMODULE ours;
static struct standin_seen *seen;
static standin_raise_func standin_raise;

static void set_all(void *memory, size_t bytes, unsigned seed)
{
    BYTE *at = memory;

    for (size_t i = 0; i < bytes; i++) {
        at[i] = (BYTE)((i + seed) * 167 + (i >> 3) * 29 + 1);
    }
}

static void call(unsigned number, struct probe_registers *in, struct probe_registers *after,
                 struct probe_result *result)
{
    memset(seen, 0, sizeof(*seen));
    memset(after, 0, sizeof(*after));
    set_all(in, sizeof(*in), number);
    in->last_error = 0x12345678;
    probe_call(GetProcAddress(ours, drop_in_names[number]), in, after, result);
    assert_int_equal(seen->number, number);
}

#ifdef _WIN64
static void assert_kept(const struct probe_registers *there, const struct probe_registers *here)
{
    for (unsigned i = PROBE_VECTOR_KEPT; i < 16; i++) {
        assert_memory_equal(there->vector[i], here->vector[i], PROBE_VECTOR_KEPT_BYTES);
    }
}
#endif

static void assert_seen(const struct probe_registers *expected)
{
    const struct probe_registers in = *expected;

    assert_memory_equal(seen->registers.general, in.general, sizeof(in.general));
    assert_memory_equal(seen->registers.stack, in.stack, sizeof(in.stack));
    assert_int_equal(seen->registers.stack_pointer, in.stack_pointer - PROBE_RETURN_BYTES);
    assert_int_equal(seen->registers.last_error, in.last_error);
#ifdef _WIN64
    assert_memory_equal(seen->registers.vector, in.vector,
                        PROBE_VECTOR_ARGUMENTS * sizeof(in.vector[0]));
    assert_kept(&seen->registers, &in);
#endif
}

static void check_arguments(unsigned number)
{
    struct probe_registers in;
    struct probe_registers after;
    struct probe_result result;

    call(number, &in, &after, &result);
    assert_seen(&in);
}

static void check_return(unsigned number)
{
    struct probe_registers in;
    struct probe_registers after;
    struct probe_result result;

    call(number, &in, &after, &result);
    assert_int_equal(result.integer[0], (probe_word)STANDIN_INTEGER + number);
    assert_int_equal(result.integer[1], (probe_word)STANDIN_SECOND);
    assert_int_equal(after.last_error, STANDIN_LAST_ERROR);
    assert_memory_equal(after.general + PROBE_SCRATCH, in.general + PROBE_SCRATCH,
                        sizeof(in.general) - PROBE_SCRATCH * sizeof(probe_word));
#ifdef _WIN64
    assert_int_equal(result.vector[0], STANDIN_VECTOR_LOW);
    assert_int_equal(result.vector[1], STANDIN_VECTOR_HIGH);
    assert_kept(&after, &in);
    assert_int_equal(after.stack_pointer, in.stack_pointer);
#else
    assert_int_equal(after.stack_pointer, in.stack_pointer + drop_in_argument_bytes[number]);
#endif
}

/* The first time and later, for every function: between them they have 0 to 12 words. */
static void for_all(void (*check)(unsigned number))
{
    for (unsigned time = 0; time < 3; time++) {
        for (unsigned i = 0; i < drop_in_thunks; i++) {
            check(i);
        }
    }
}

static void the_callee_receives_what_the_caller_gave(void **state)
{
    (void)state;
    for_all(check_arguments);
}

static void the_caller_receives_what_the_callee_gave(void **state)
{
    (void)state;
    for_all(check_return);
}

static int look_into_the_standin(void)
{
    const HMODULE system = drop_in_system();

    seen = ((standin_seen_func)(void *)GetProcAddress(system, "standin_seen"))();
    standin_raise = (standin_raise_func)(void *)GetProcAddress(system, "standin_raise");
    standin_raise(0);
    return 0;
}

static void arguments_survive_the_loading_of_the_systems_dll(void **state)
{
    struct probe_registers in;
    struct probe_registers after;
    struct probe_result result;

    (void)state;
    drop_in_unload_all();
    ours = drop_in_load();
    set_all(&in, sizeof(in), 1);
    in.last_error = 0x12345678;
    probe_call(GetProcAddress(ours, drop_in_names[0]), &in, &after, &result);
    look_into_the_standin(); /* it is loaded since that call */
    assert_seen(&in);
}

static void every_number_of_argument_words_was_tried(void **state)
{
    unsigned tried = 0;

    (void)state;
    for (unsigned i = 0; i < drop_in_thunks; i++) {
        tried |= 1u << drop_in_argument_bytes[i] / 4;
    }
    assert_int_equal(tried, 0x1FFF); /* 0 to 12 */
}

static void an_exception_in_the_callee_reaches_the_caller(void **state)
{
    (void)state;
    for (unsigned time = 0; time < 3; time++) {
        for (unsigned i = 0; i < drop_in_thunks; i += 7) {
            standin_raise(0xE0001234);
            assert_int_equal(probe_guarded(GetProcAddress(ours, drop_in_names[i])), 0xE0001234);
        }
    }
}

typedef void *(WINAPI *take_guid_func)(GUID guid, void *settings);
typedef HANDLE(WINAPI *create_func)(void);
typedef BOOL(WINAPI *close_func)(HANDLE handle);
typedef void(WINAPI *free_func)(void *memory);

static void a_guid_by_value_arrives(void **state)
{
    static const GUID guid = {0x01234567, 0x89AB, 0xCDEF, {1, 2, 3, 4, 5, 6, 7, 8}};
    const take_guid_func take =
        (take_guid_func)(void *)GetProcAddress(ours, "GetInterfaceDnsSettings");
    static int settings;

    (void)state;
    take(guid, &settings);
#if defined(__aarch64__)
    assert_memory_equal(seen->registers.general, &guid, sizeof(guid));
    assert_int_equal(seen->registers.general[2], (probe_word)&settings);
#elif defined(_WIN64)
    /* Its copy's address; the copy lies in this function's frame. */
    assert_memory_equal((const void *)seen->registers.general[0], &guid, sizeof(guid));
    assert_int_equal(seen->registers.general[1], (probe_word)&settings);
#else
    assert_memory_equal(seen->registers.stack, &guid, sizeof(guid));
    assert_int_equal(seen->registers.stack[4], (probe_word)&settings);
#endif
}

static void typed_results_arrive(void **state)
{
    const create_func create = (create_func)(void *)GetProcAddress(ours, "IcmpCreateFile");
    const close_func close = (close_func)(void *)GetProcAddress(ours, "IcmpCloseHandle");
    const free_func free_table = (free_func)(void *)GetProcAddress(ours, "FreeMibTable");
    HANDLE handle;

    (void)state;
    handle = create();
    assert_int_equal((probe_word)handle, (probe_word)STANDIN_INTEGER + seen->number);
    assert_true(close(handle));
    free_table(&handle);
    assert_int_equal(GetLastError(), STANDIN_LAST_ERROR);
}

static int load_afresh(void **state)
{
    (void)state;
    drop_in_unload_all();
    ours = drop_in_load();
    return look_into_the_standin();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_callee_receives_what_the_caller_gave, load_afresh),
        cmocka_unit_test_setup(the_caller_receives_what_the_callee_gave, load_afresh),
        cmocka_unit_test(arguments_survive_the_loading_of_the_systems_dll),
        cmocka_unit_test_setup(every_number_of_argument_words_was_tried, load_afresh),
        cmocka_unit_test_setup(an_exception_in_the_callee_reaches_the_caller, load_afresh),
        cmocka_unit_test_setup(a_guid_by_value_arrives, load_afresh),
        cmocka_unit_test_setup(typed_results_arrive, load_afresh),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
