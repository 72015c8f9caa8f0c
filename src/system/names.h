/*
 * names.h - the linker's names for what the library's files share.
 *
 * In libmem.so they are hidden. In libmem.a they share a namespace with the program's: so each gets
 * a prefix that no program uses, and a program may define a mem_resize of its own. A header
 * includes this file before it declares such a name; a test finds names that are missing here. The
 * malloc module's own files are in no archive, and need none.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_NAMES_H
#define MEM_NAMES_H

/* The one place where the prefix is set. */
#define MEM_PRIVATE(name) libmem_private_##name

#define mem_aligned MEM_PRIVATE(aligned)

#define mem_alloc_at MEM_PRIVATE(alloc_at)
#define mem_alloc_by_search MEM_PRIVATE(alloc_by_search)
#define mem_alloc_first_fit MEM_PRIVATE(alloc_first_fit)
#define mem_alloc_from_current MEM_PRIVATE(alloc_from_current)
#define mem_alloc_otherwise MEM_PRIVATE(alloc_otherwise)
#define mem_alloc_refuse MEM_PRIVATE(alloc_refuse)
#define mem_alloc_take MEM_PRIVATE(alloc_take)

#define mem_default_create MEM_PRIVATE(default_create)
#define mem_default_pointer MEM_PRIVATE(default_pointer)
#define mem_default_plain_pointer MEM_PRIVATE(default_plain_pointer)

#define mem_error_minus_one MEM_PRIVATE(error_minus_one)
#define mem_error_null MEM_PRIVATE(error_null)
#define mem_error_set MEM_PRIVATE(error_set)
#define mem_error_zero MEM_PRIVATE(error_zero)

#define mem_fork_handle MEM_PRIVATE(fork_handle)

#define mem_free MEM_PRIVATE(free)
#define mem_free_any MEM_PRIVATE(free_any)
#define mem_free_part MEM_PRIVATE(free_part)

#define mem_gate_drop MEM_PRIVATE(gate_drop)
#define mem_gate_enter MEM_PRIVATE(gate_enter)
#define mem_gate_forks MEM_PRIVATE(gate_forks)
#define mem_gate_leave MEM_PRIVATE(gate_leave)
#define mem_gate_take MEM_PRIVATE(gate_take)

#define mem_index_begin_order MEM_PRIVATE(index_begin_order)
#define mem_index_best_fit MEM_PRIVATE(index_best_fit)
#define mem_index_block_from MEM_PRIVATE(index_block_from)
#define mem_index_bytes MEM_PRIVATE(index_bytes)
#define mem_index_bytes_below MEM_PRIVATE(index_bytes_below)
#define mem_index_chain_previous MEM_PRIVATE(index_chain_previous)
#define mem_index_chunk_from MEM_PRIVATE(index_chunk_from)
#define mem_index_large_from MEM_PRIVATE(index_large_from)
#define mem_index_first_fit MEM_PRIVATE(index_first_fit)
#define mem_index_fit_after MEM_PRIVATE(index_fit_after)
#define mem_index_init MEM_PRIVATE(index_init)
#define mem_index_largest MEM_PRIVATE(index_largest)
#define mem_index_worst_fit MEM_PRIVATE(index_worst_fit)

#define mem_lifetime_end MEM_PRIVATE(lifetime_end)
#define mem_lifetime_index_memory MEM_PRIVATE(lifetime_index_memory)
#define mem_lifetime_map MEM_PRIVATE(lifetime_map)
#define mem_lifetime_place MEM_PRIVATE(lifetime_place)
#define mem_lifetime_plan MEM_PRIVATE(lifetime_plan)

#define mem_lock_kept MEM_PRIVATE(lock_kept)
#define mem_lock_wait MEM_PRIVATE(lock_wait)
#define mem_lock_wake MEM_PRIVATE(lock_wake)

#define mem_order_bytes MEM_PRIVATE(order_bytes)
#define mem_order_given_large MEM_PRIVATE(order_given_large)
#define mem_order_large_fit MEM_PRIVATE(order_large_fit)
#define mem_order_make MEM_PRIVATE(order_make)

#define mem_ordered_begin MEM_PRIVATE(ordered_begin)
#define mem_ordered_best_fit MEM_PRIVATE(ordered_best_fit)
#define mem_ordered_take MEM_PRIVATE(ordered_take)

#define mem_os_discard MEM_PRIVATE(os_discard)
#define mem_os_discard_all MEM_PRIVATE(os_discard_all)
#define mem_os_map MEM_PRIVATE(os_map)
#define mem_os_map_guarded MEM_PRIVATE(os_map_guarded)
#define mem_os_round MEM_PRIVATE(os_round)
#define mem_os_round_down MEM_PRIVATE(os_round_down)
#define mem_os_unmap MEM_PRIVATE(os_unmap)
#define mem_os_unmap_guarded MEM_PRIVATE(os_unmap_guarded)
#define mem_os_wait MEM_PRIVATE(os_wait)
#define mem_os_wake MEM_PRIVATE(os_wake)

#define mem_output_address MEM_PRIVATE(output_address)
#define mem_output_begin MEM_PRIVATE(output_begin)
#define mem_output_begin_on MEM_PRIVATE(output_begin_on)
#define mem_output_end MEM_PRIVATE(output_end)
#define mem_output_end_line MEM_PRIVATE(output_end_line)
#define mem_output_number MEM_PRIVATE(output_number)
#define mem_output_string MEM_PRIVATE(output_string)

#define mem_races_allow MEM_PRIVATE(races_allow)
#define mem_races_are_sought MEM_PRIVATE(races_are_sought)
#define mem_races_dropping MEM_PRIVATE(races_dropping)
#define mem_races_made MEM_PRIVATE(races_made)
#define mem_races_taken MEM_PRIVATE(races_taken)
#define mem_races_watch MEM_PRIVATE(races_watch)

#define mem_registry_add_mapped MEM_PRIVATE(registry_add_mapped)
#define mem_registry_add_placed MEM_PRIVATE(registry_add_placed)
#define mem_registry_each_lock MEM_PRIVATE(registry_each_lock)
#define mem_registry_forget MEM_PRIVATE(registry_forget)
#define mem_registry_free MEM_PRIVATE(registry_free)
#define mem_registry_put_back MEM_PRIVATE(registry_put_back)
#define mem_registry_remove MEM_PRIVATE(registry_remove)
#define mem_registry_root MEM_PRIVATE(registry_root)

#define mem_resize MEM_PRIVATE(resize)

#define mem_sizes_drop_large MEM_PRIVATE(sizes_drop_large)
#define mem_sizes_grow MEM_PRIVATE(sizes_grow)
#define mem_sizes_lower MEM_PRIVATE(sizes_lower)
#define mem_sizes_lower_to MEM_PRIVATE(sizes_lower_to)
#define mem_sizes_merge MEM_PRIVATE(sizes_merge)
#define mem_sizes_merge_large MEM_PRIVATE(sizes_merge_large)
#define mem_sizes_pass MEM_PRIVATE(sizes_pass)
#define mem_sizes_raise_above MEM_PRIVATE(sizes_raise_above)
#define mem_sizes_set_current MEM_PRIVATE(sizes_set_current)
#define mem_sizes_shrink MEM_PRIVATE(sizes_shrink)

#define mem_survey_chunk_from MEM_PRIVATE(survey_chunk_from)
#define mem_survey_chunk_next MEM_PRIVATE(survey_chunk_next)
#define mem_survey_list MEM_PRIVATE(survey_list)

#define mem_tries_add MEM_PRIVATE(tries_add)
#define mem_tries_best MEM_PRIVATE(tries_best)
#define mem_tries_change MEM_PRIVATE(tries_change)
#define mem_tries_drop MEM_PRIVATE(tries_drop)
#define mem_tries_init MEM_PRIVATE(tries_init)

#define mem_valid_chunk_around MEM_PRIVATE(valid_chunk_around)
#define mem_valid_index MEM_PRIVATE(valid_index)
#define mem_valid_map MEM_PRIVATE(valid_map)
#define mem_valid_maxima MEM_PRIVATE(valid_maxima)
#define mem_valid_near MEM_PRIVATE(valid_near)
#define mem_valid_order MEM_PRIVATE(valid_order)
#define mem_valid_order_near MEM_PRIVATE(valid_order_near)

#define mem_watch_allocated MEM_PRIVATE(watch_allocated)
#define mem_watch_allow_all MEM_PRIVATE(watch_allow_all)
#define mem_watch_begin MEM_PRIVATE(watch_begin)
#define mem_watch_bytes MEM_PRIVATE(watch_bytes)
#define mem_watch_end MEM_PRIVATE(watch_end)
#define mem_watch_enter MEM_PRIVATE(watch_enter)
#define mem_watch_freed MEM_PRIVATE(watch_freed)
#define mem_watch_hush MEM_PRIVATE(watch_hush)
#define mem_watch_is_on MEM_PRIVATE(watch_is_on)
#define mem_watch_leave MEM_PRIVATE(watch_leave)
#define mem_watch_look MEM_PRIVATE(watch_look)
#define mem_watch_reclaim MEM_PRIVATE(watch_reclaim)
#define mem_watch_resized MEM_PRIVATE(watch_resized)
#define mem_watch_resume MEM_PRIVATE(watch_resume)
#define mem_watch_unhush MEM_PRIVATE(watch_unhush)

#endif
