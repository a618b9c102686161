/**
 * Damage on purpose, for tests: files, disks and processes.
 *
 * <ul>
 *   <li>Damaged files: {@code Mutator} and {@code SafetensorsCases} make them, {@code Outcomes}
 *       counts how they are taken.
 *   <li>Interrupted processes: {@code FileFaults} (with {@code filefaults.c}) ends one at a chosen
 *       file operation or fills its disk, {@code Children} starts it.
 *   <li>{@code SmallHub}: where a download comes from.
 * </ul>
 */
package dev.galen.examples.fuzz;
