package dev.galen.model.engine;

import dev.galen.model.inside.Pooling;
import java.util.concurrent.CompletableFuture;

/** A vector that somebody waits for. */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
record Embedding(int[] ids, Pooling pooling, String adapter, CompletableFuture<float[]> vector) {}
