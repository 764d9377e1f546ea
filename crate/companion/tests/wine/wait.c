/* Stands in for a tool: says that it runs, then waits to be ended, whatever its name and words. */
#include <stdio.h>
#include <windows.h>

int main(void)
{
    puts("runs");
    fflush(stdout);
    Sleep(INFINITE);
    return 0;
}
