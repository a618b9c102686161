/**
 * Runs documents through steps: streamed, in order on several threads, resumed after a kill, with
 * what is malformed put into a file of rejects.
 */
package dev.galen.examples.clinical.pipeline;
