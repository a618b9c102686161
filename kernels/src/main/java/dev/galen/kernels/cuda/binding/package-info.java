/**
 * Calls into libraries of CUDA, as jextract wrote them; nothing here is edited by hand, and nothing
 * outside of {@code dev.galen.kernels.cuda} uses it.
 *
 * <p>{@code src/main/jextract} has what it was made from: one file of arguments per header, the
 * versions of the headers, and the script that makes it anew. A symbol is looked for at the first
 * call of its function, among the libraries that {@code CudaLibrary} loaded.
 */
package dev.galen.kernels.cuda.binding;
