/**
 * What is known of data: licence, consent, hash, counts, and whether anybody can be identified in
 * it.
 *
 * <p>{@link dev.galen.examples.clinical.manifest.Ingestion} reads a source and leaves a {@link
 * dev.galen.examples.clinical.manifest.SourceManifest} beside its output; whoever learns from data
 * calls {@code SourceManifest.require} first. {@link
 * dev.galen.examples.clinical.manifest.Description} and {@link
 * dev.galen.examples.clinical.manifest.Reservoir} look at documents.
 */
package dev.galen.examples.clinical.manifest;
