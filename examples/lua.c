/*
 * lua.c - scripts of Lua that cannot take more memory than their region has.
 *
 * Lua asks one function for all of its memory. Here that is a region's, which each state has for
 * itself. A script that takes too much ends with Lua's own error, and the state goes on; the rest
 * of the program does not notice. At last the region is destroyed, and takes the state with it.
 *
 * Compile (Lua 5.2 to 5.4; Debian calls it lua5.4):
 *
 *     cc lua.c -o lua $(pkg-config --cflags --libs libmem lua5.4)
 *
 * Prints:
 *
 *     sum: 5050
 *     hoard: not enough memory
 *     sum: 5050
 *     never more than 1048576 bytes were in use
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <mem.h>
#include <stdio.h>

#define BUDGET (1 << 20)

/* The lua_Alloc of a region. Lua needs a block that shrinks to stay whole, which holds: it shrinks
 * where it is. The old size is known to the region. */
static void *allocate(void *region, void *block, size_t old_size, size_t size) {
    (void)old_size;
    if (size > 0)
        return Mem_RegionRealloc(region, block, size, FIRSTFIT);
    Mem_RegionFree(region, block);
    return NULL;
}

/* Opening the libraries allocates, and so can fail. */
static int open_libraries(lua_State *lua) {
    luaL_openlibs(lua);
    return 0;
}

static int open_protected(lua_State *lua) {
    lua_pushcfunction(lua, open_libraries);
    return lua_pcall(lua, 0, 0, 0);
}

static void run(lua_State *lua, const char *name, const char *script) {
    if (luaL_loadstring(lua, script) == 0 && lua_pcall(lua, 0, 1, 0) == 0)
        printf("%s: %d\n", name, (int)lua_tointeger(lua, -1));
    else
        printf("%s: %s\n", name, lua_tostring(lua, -1));
    lua_settop(lua, 0);
}

int main(void) {
    static const char sum[] = "local sum = 0 for i = 1, 100 do sum = sum + i end return sum";
    static const char hoard[] = "local all = {} while true do all[#all + 1] = {} end";

    Mem_Region *region = Mem_RegionCreate(BUDGET);
    if (region == NULL) {
        fprintf(stderr, "lua: %s\n", Mem_StrError(m_error));
        return 1;
    }
    lua_State *lua = lua_newstate(allocate, region);
    if (lua == NULL || open_protected(lua) != 0) {
        fprintf(stderr, "lua: the region is too small for a state\n");
        return 1;
    }
    run(lua, "sum", sum);
    run(lua, "hoard", hoard);
    run(lua, "sum", sum);

    struct Mem_Stats stats;
    if (Mem_RegionGetStats(region, &stats) != 0 || stats.peak_live_bytes > BUDGET)
        return 1;
    printf("never more than %d bytes were in use\n", BUDGET);

    /* lua_close() would free the objects one by one, and call finalizers; this takes all at once.
     */
    return Mem_RegionDestroy(region) == 0 ? 0 : 1;
}
