/**
 * Other people's libraries doing the same work, each behind {@link dev.galen.bench.peer.Work}: in a
 * child process where they are native, in this JVM where they are Java.
 */
package dev.galen.bench.peer;
