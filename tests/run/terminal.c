/*
 * terminal.c - mem-run in a shell's job control: this program is both the shell, which starts jobs
 * and waits for them, and the terminal at which somebody types.
 *
 * Each test runs in a session of its own, with a pseudo-terminal. The folder of the build is in the
 * variable abs_builddir. Called as `terminal own-group`, it is a program to be run.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* What is typed. */
#define CTRL_C "\003"
#define CTRL_D "\004"
#define CTRL_Z "\032"

enum { SECONDS = 20 };

static int master;
static int terminal;
static char self[4096];   /* the path of this program */
static char memrun[4096]; /* that of mem-run */

#define must(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "terminal.c:%d: %s\n", __LINE__, #condition);                          \
            _exit(1);                                                                              \
        }                                                                                          \
    } while (0)

/* The terminal */

static bool open_master(void) {
    master = posix_openpt(O_RDWR | O_NOCTTY);
    return master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0;
}

static void open_terminal(void) {
    must(open_master());
    must(setsid() >= 0);
    terminal = open(ptsname(master), O_RDWR);
    must(terminal >= 0);
    ioctl(terminal, TIOCSCTTY, 0);
    must(tcgetpgrp(terminal) == getpgrp());
}

static void type(const char *keys) {
    must(write(master, keys, strlen(keys)) == (ssize_t)strlen(keys));
}

/* Waits until a line that begins with the word is shown, and returns the number behind the word. */
static long shown(const char *word) {
    char text[4096] = "";
    size_t length = 0;
    struct pollfd ready = {master, POLLIN, 0};
    while (poll(&ready, 1, SECONDS * 1000) == 1) {
        ssize_t got = read(master, text + length, sizeof text - 1 - length);
        must(got > 0);
        length += (size_t)got;
        text[length] = '\0';
        const char *line = strstr(text, word);
        if (line != NULL && strchr(line, '\n') != NULL)
            return strtol(line + strlen(word), NULL, 10);
    }
    fprintf(stderr, "terminal.c: %s is not shown in time, but %s\n", word, text);
    _exit(1);
}

/* The shell */

static void to_foreground(pid_t group) {
    must(tcsetpgrp(terminal, group) == 0);
}

/* Starts mem-run with a program as a job. */
static pid_t job(bool in_foreground, char **program) {
    char *arguments[8] = {memrun, (char *)"--"};
    for (size_t i = 0; program[i] != NULL; i++)
        arguments[i + 2] = program[i];
    pid_t child = fork();
    must(child >= 0);
    pid_t group = child == 0 ? getpid() : child;
    setpgid(group, group);
    if (in_foreground)
        to_foreground(group);
    if (child > 0)
        return child;
    signal(SIGTTOU, SIG_DFL);
    signal(SIGHUP, SIG_DFL);
    for (int i = 0; i < 3; i++)
        dup2(terminal, i);
    close(terminal);
    close(master);
    execv(memrun, arguments);
    _exit(99);
}

static pid_t shell_job(bool in_foreground, const char *script) {
    char *program[] = {(char *)"sh", (char *)"-c", (char *)script, NULL};
    return job(in_foreground, program);
}

/* How the job stops or ends; if it does neither, the alarm ends the test. */
static int wait_for(pid_t child) {
    int status;
    must(waitpid(child, &status, WUNTRACED) == child);
    return status;
}

static void must_stop(pid_t child) {
    int status = wait_for(child);
    must(WIFSTOPPED(status));
    to_foreground(getpgrp());
}

static void must_exit(pid_t child, int with) {
    int status = wait_for(child);
    must(WIFEXITED(status));
    must(WEXITSTATUS(status) == with);
    to_foreground(getpgrp());
}

static void go_on(pid_t child) {
    to_foreground(child);
    must(kill(-child, SIGCONT) == 0);
}

/* The letter by which Linux tells what a process does, T when it is stopped. */
static char state_of(pid_t process) {
    char path[64];
    char state = '?';
    snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
    FILE *file = fopen(path, "r");
    must(file != NULL && fscanf(file, "%*d %*s %c", &state) == 1);
    fclose(file);
    return state;
}

/* Tests */

static void key_stops_and_interrupts(void) {
    pid_t child = shell_job(true, "echo ready $$; exec sleep 60");
    pid_t program = (pid_t)shown("ready ");
    type(CTRL_Z);
    must_stop(child);
    must(state_of(program) == 'T');
    go_on(child);
    while (state_of(program) == 'T')
        poll(NULL, 0, 10);
    type(CTRL_C);
    must_exit(child, 128 + SIGINT);
}

static void program_may_ignore_the_stop(void) {
    pid_t child = shell_job(true, "trap '' TSTP; echo ready 1; read -r line; exit 4");
    shown("ready ");
    type(CTRL_Z "\n");
    must_exit(child, 4);
}

static void program_may_ignore_the_interrupt(void) {
    pid_t child = shell_job(true, "trap 'exit 5' INT; echo ready 1; read -r line");
    shown("ready ");
    type(CTRL_C);
    must_exit(child, 5);
}

static void background_stops_to_read(void) {
    pid_t child = shell_job(false, "read -r word rest; echo \"got $rest\"");
    must_stop(child);
    go_on(child);
    type("a 17\n");
    must(shown("got ") == 17);
    must_exit(child, 0);
}

static void end_of_input_reaches_the_program(void) {
    pid_t child = shell_job(true, "echo ready 1; cat; exit 6");
    shown("ready ");
    type(CTRL_D);
    must_exit(child, 6);
}

/* As an interactive shell does that is suspended. */
static void program_with_a_group_of_its_own_stops(void) {
    char *program[] = {self, (char *)"own-group", NULL};
    pid_t child = job(true, program);
    shown("ready ");
    must_stop(child);
    go_on(child);
    must_exit(child, 7);
}

static void terminal_is_left_as_it_is(void) {
    struct termios before;
    struct termios after;
    must(tcgetattr(terminal, &before) == 0);
    must_exit(shell_job(true, "exit 8"), 8);
    must(tcgetattr(terminal, &after) == 0);
    must(before.c_lflag == after.c_lflag && before.c_iflag == after.c_iflag);
    must(before.c_oflag == after.c_oflag);
}

/* The shell, which learns of it first, tells its jobs. */
static void hangup_ends_the_program(void) {
    pid_t child = shell_job(true, "echo ready 1; exec sleep 60");
    shown("ready ");
    close(master);
    must(kill(-child, SIGHUP) == 0);
    int status = wait_for(child);
    must(WIFEXITED(status));
    must(WEXITSTATUS(status) == 128 + SIGHUP);
}

/* The program */

static int own_group(void) {
    signal(SIGTTOU, SIG_IGN);
    pid_t group = getpgrp();
    must(setpgid(0, 0) == 0 && tcsetpgrp(STDIN_FILENO, getpgrp()) == 0);
    printf("ready 1\n");
    fflush(stdout);
    must(tcsetpgrp(STDIN_FILENO, group) == 0);
    raise(SIGSTOP);
    return 7;
}

/* All */

static const struct {
    const char *name;
    void (*run)(void);
} tests[] = {
    {"^Z stops the program and mem-run, and ^C ends both", key_stops_and_interrupts},
    {"a program that ignores ^Z goes on", program_may_ignore_the_stop},
    {"a program that answers ^C decides how to end", program_may_ignore_the_interrupt},
    {"a job in the background stops to read", background_stops_to_read},
    {"the end of the input reaches the program", end_of_input_reaches_the_program},
    {"a program with a group of its own stops mem-run", program_with_a_group_of_its_own_stops},
    {"the terminal is left as it is", terminal_is_left_as_it_is},
    {"a hangup ends the program", hangup_ends_the_program},
};

/* In a process of its own, which the alarm ends if something hangs. */
static bool passes(void (*test)(void)) {
    int status;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        alarm(SECONDS);
        signal(SIGTTOU, SIG_IGN);
        signal(SIGHUP, SIG_IGN);
        open_terminal();
        test();
        _exit(0);
    }
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

/* A mem-run for another C library than the system's cannot. */
static bool can_run_shell(void) {
    char command[sizeof memrun + 32];
    snprintf(command, sizeof command, "%s sh -c : 2>/dev/null", memrun);
    return system(command) == 0;
}

int main(int argc, char **argv) {
    const char *folder = getenv("abs_builddir");
    int failed = 0;
    if (argc > 1 && strcmp(argv[1], "own-group") == 0)
        return own_group();
    snprintf(memrun, sizeof memrun, "%s/mem-run", folder != NULL ? folder : ".");
    if (realpath(argv[0], self) == NULL || !can_run_shell())
        return 77;
    if (!open_master()) {
        puts("SKIP: terminals (there are none here)");
        return 77;
    }
    close(master);
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        bool good = passes(tests[i].run);
        printf("%s: %s\n", good ? "PASS" : "FAIL", tests[i].name);
        failed += !good;
    }
    return failed > 0;
}
