/* The macros of glibc's and BSD's <sys/cdefs.h> that programs use themselves. */
#ifndef CGO_LD_SHIM_SYS_CDEFS_H
#define CGO_LD_SHIM_SYS_CDEFS_H

#ifdef __cplusplus
#define __BEGIN_DECLS extern "C" {
#define __END_DECLS }
#else
#define __BEGIN_DECLS
#define __END_DECLS
#endif

#ifdef __cplusplus
#define __THROW noexcept(true)
#define __NTH(function) function noexcept(true)
#else
#define __THROW __attribute__((__nothrow__))
#define __NTH(function) __attribute__((__nothrow__)) function
#endif
#define __THROWNL __THROW
#define __NTHNL(function) __NTH(function)

#define __P(arguments) arguments
#define __PMT(arguments) arguments
#define __CONCAT(x, y) x##y
#define __STRING(x) #x
#define __ptr_t void*
#define __flexarr []
#define __glibc_has_attribute(attribute) __has_attribute(attribute)

#define __attribute_malloc__ __attribute__((__malloc__))
#define __attribute_pure__ __attribute__((__pure__))
#define __attribute_const__ __attribute__((__const__))
#define __attribute_used__ __attribute__((__used__))
#define __attribute_noinline__ __attribute__((__noinline__))
#define __attribute_deprecated__ __attribute__((__deprecated__))
#define __attribute_warn_unused_result__ __attribute__((__warn_unused_result__))
#define __attribute_format_arg__(x) __attribute__((__format_arg__(x)))
#define __attribute_format_strfmon__(a, b) __attribute__((__format__(__strfmon__, a, b)))
#define __nonnull(parameters) __attribute__((__nonnull__ parameters))
#define __returns_nonnull __attribute__((__returns_nonnull__))
#define __wur
#ifndef __always_inline
#define __always_inline __inline __attribute__((__always_inline__))
#endif
#define __extern_inline extern __inline __attribute__((__gnu_inline__))
#define __extern_always_inline extern __always_inline __attribute__((__gnu_inline__))
#define __glibc_likely(condition) __builtin_expect((condition), 1)
#define __glibc_unlikely(condition) __builtin_expect((condition), 0)

#endif
