/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pricesim init: files to begin with. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/app.h"
#include "app/output.h"
#include "scenario/scenario.h"
#include "scenario/schema.h"

/* The starter is the shipped minimal scenario, as it is. */
__asm__(".section .rodata\n"
        ".global ps_starter_begin, ps_starter_end\n"
        "ps_starter_begin: .incbin \"scenarios/minimal.json\"\n"
        "ps_starter_end: .byte 0\n"
        ".previous\n");
extern const char ps_starter_begin[], ps_starter_end[];

static const char build_step[] =
    "git clone --depth 1 \"$PRICESIM_SOURCE\" /tmp/pricesim && "
    "make -C /tmp/pricesim run SCENARIO=scenarios/minimal.json >/dev/null";

static const char github[] =
    "# Checks the scenarios of this repository: their rules and baselines.\n"
    "# The repository variable PRICESIM_SOURCE is the address of pricesim's source for git clone.\n"
    "name: pricesim\n"
    "on: [push, pull_request]\n"
    "jobs:\n"
    "  check:\n"
    "    runs-on: ubuntu-latest\n"
    "    env:\n"
    "      PRICESIM_SOURCE: ${{ vars.PRICESIM_SOURCE }}\n"
    "    steps:\n"
    "      - uses: actions/checkout@v4\n"
    "      - name: Build pricesim\n"
    "        run: |\n"
    "          %s\n"
    "      - name: Check the scenarios\n"
    "        run: |\n"
    "          /tmp/pricesim/build/pricesim check . -o /tmp/checks.md && status=0 || status=$?\n"
    "          cat /tmp/checks.md >>\"$GITHUB_STEP_SUMMARY\"\n"
    "          /tmp/pricesim/build/pricesim check . --format github || true\n"
    "          exit $status\n";

static const char gitlab[] =
    "# Checks the scenarios of this repository: their rules and baselines.\n"
    "# The CI/CD variable PRICESIM_SOURCE is the address of pricesim's source for git clone.\n"
    "pricesim:\n"
    "  image: debian:12\n"
    "  before_script:\n"
    "    - apt-get update -qq && apt-get install -y -qq git make gcc >/dev/null\n"
    "    - %s\n"
    "  script:\n"
    "    - /tmp/pricesim/build/pricesim check . -o checks.xml\n"
    "  artifacts:\n"
    "    when: always\n"
    "    reports:\n"
    "      junit: checks.xml\n";

static ps_status make_folder(const char *path)
{
    if (mkdir(path, 0777) == 0 || errno == EEXIST) {
        return PS_OK;
    }
    ps_say("error[FILE] cannot make %s: %s", path, strerror(errno));
    return PS_ERR_FILE;
}

/* Never over a file that is there. */
static ps_status put(const char *folder, const char *name, const char *data, size_t length)
{
    char path[PATH_MAX];
    ps_status status;

    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) {
        return ps_usage_error("init: the name of the folder is too long");
    }
    if (access(path, F_OK) == 0) {
        ps_say("error[FILE] %s is there already and stays as it is", path);
        return PS_ERR_FILE;
    }
    status = ps_output_file(path, data, length);
    if (status == PS_OK) {
        printf("%s\n", path);
    }
    return status;
}

static ps_status put_text(const char *folder, const char *name, const char *format)
{
    ps_string text = {0};
    ps_status status;

    const char *gap = strstr(format, "%s");

    ps_string_append(&text, format, (size_t)(gap - format));
    ps_string_append(&text, build_step, strlen(build_step));
    ps_string_append(&text, gap + 2, strlen(gap + 2));
    status = text.failed ? ps_memory_error() : put(folder, name, text.data, text.length);
    ps_string_free(&text);
    return status;
}

static ps_status put_schema(const char *folder)
{
    ps_string text = {0};
    ps_status status;

    ps_schema_write(&ps_scenario_shape, &text);
    status = text.failed ? ps_memory_error()
                         : put(folder, "pricesim.schema.json", text.data, text.length);
    ps_string_free(&text);
    return status;
}

static ps_status put_ci(const char *folder)
{
    char path[PATH_MAX];
    ps_status status = PS_OK;

    for (int i = 0; i < 2 && status == PS_OK; i++) {
        if (snprintf(path, sizeof path, "%s/%s", folder,
                     i == 0 ? ".github" : ".github/workflows") >= (int)sizeof path) {
            return ps_usage_error("init: the name of the folder is too long");
        }
        status = make_folder(path);
    }
    status = status == PS_OK ? put_text(folder, ".github/workflows/pricesim.yml", github) : status;
    return status == PS_OK ? put_text(folder, ".gitlab-ci.yml", gitlab) : status;
}

static ps_status init_command(const ps_arguments *arguments)
{
    const char *folder = arguments->operand_count > 0 ? arguments->operands[0] : ".";
    ps_status status = make_folder(folder);

    if (status == PS_OK && ps_arguments_has(arguments, "ci")) {
        return put_ci(folder);
    }
    status = status == PS_OK ? put(folder, "scenario.json", ps_starter_begin,
                                   (size_t)(ps_starter_end - ps_starter_begin))
                             : status;
    return status == PS_OK ? put_schema(folder) : status;
}

static const ps_option own_options[] = {
    {"ci", 0, NULL,
     "Write a workflow for GitHub and one for GitLab that check the scenarios, in place of a "
     "scenario."},
    {0},
};
static const ps_option *const options[] = {own_options, NULL};

const ps_command ps_command_init = {
    .name = "init",
    .arguments = "[DIR]",
    .summary = "files to begin with",
    .doc = "Writes scenario.json, a small scenario that runs, and its JSON Schema for editors into "
           "DIR (by default here); with --ci the files that check scenarios on GitHub and GitLab. "
           "Files that are there stay as they are.",
    .options = options,
    .least = 0,
    .most = 1,
    .run = init_command,
};
