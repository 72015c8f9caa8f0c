#include <mem.h>
#include <stdio.h>

int main(void) {
    if (Mem_Init(4096) != 0)
        return 1;
    char *block = Mem_Alloc(100, FIRSTFIT);
    Mem_Alloc(200, WORSTFIT);
    Mem_Free(block);
    if (Mem_Free(block) != 0)
        printf("freed again: %s\n", Mem_StrError(m_error));
    Mem_Dump();
}
