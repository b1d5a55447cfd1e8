// A stand-in for Edge and Chrome under Wine: writes the arguments that it was started with beside itself, one a line.
#include <stdio.h>
#include <windows.h>

int wmain(int count, wchar_t **arguments) {
    wchar_t path[MAX_PATH + 8];
    GetModuleFileNameW(NULL, path, MAX_PATH);
    wcscat(path, L".args");
    FILE *file = _wfopen(path, L"ab");
    if (!file) return 1;
    for (int index = 1; index < count; index++) {
        char line[4096];
        int length = WideCharToMultiByte(CP_UTF8, 0, arguments[index], -1, line, sizeof line, NULL, NULL);
        fwrite(line, 1, length > 0 ? length - 1 : 0, file);
        fputc('\n', file);
    }
    fputs("--\n", file);
    return fclose(file);
}
