/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs every file named on the command line through the scanner in plain mode and prints one line
 * for each, separated by tabs: name, code ("accept" for none), pointer, line:column, message. With
 * -o only objects will do. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/scan.h"

static char *read_all(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char *text = malloc(PS_JSON_MAX_BYTES + 2);

    if (file == NULL || text == NULL) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(2);
    }
    *length = fread(text, 1, PS_JSON_MAX_BYTES + 2, file);
    fclose(file);
    char *exact = malloc(*length + 1); /* so that a sanitizer sees a read past the end */

    if (exact == NULL) {
        exit(2);
    }
    memcpy(exact, text, *length);
    free(text);
    return exact;
}

int main(int argc, char **argv)
{
    const bool object_only = argc > 1 && strcmp(argv[1], "-o") == 0;

    for (int i = object_only ? 2 : 1; i < argc; i++) {
        const char *slash = strrchr(argv[i], '/');
        const char *name = slash == NULL ? argv[i] : slash + 1;
        size_t length = 0;
        char *text = read_all(argv[i], &length);
        ps_scan scan = {0};
        ps_faults faults = {0};

        if (ps_scan_text(text, length, name, object_only, &scan, &faults) == PS_OK) {
            printf("%s\taccept\t\t\t\n", name);
        } else {
            const ps_fault *fault = &faults.items[0];

            printf("%s\t%s\t%s\t%d:%d\t%s\n", name, fault->code, fault->pointer, fault->line,
                   fault->column, fault->message);
        }
        ps_scan_free(&scan);
        ps_faults_free(&faults);
        free(text);
    }
    return 0;
}
