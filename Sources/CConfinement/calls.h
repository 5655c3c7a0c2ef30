#pragma once
/* Keeps a program, and whatever it starts, from calls of the kernel that an installation has no use for. */

/* 0, or -1 with errno. Needs PR_SET_NO_NEW_PRIVS, or CAP_SYS_ADMIN. */
int filter_calls(void);
