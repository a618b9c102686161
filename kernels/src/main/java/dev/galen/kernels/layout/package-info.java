/**
 * What backends share about strides; not exported.
 *
 * <p>{@link dev.galen.kernels.layout.MergedLayouts} leaves as few dimensions as several layouts of
 * one shape need.
 */
package dev.galen.kernels.layout;
