/**
 * Where a study lies: {@link dev.galen.examples.search.store.MemoryStore}, or {@link
 * dev.galen.examples.search.store.JdbcStore} in SQLite or PostgreSQL, which outlives its processes.
 * Who works on a trial is its {@link dev.galen.examples.search.store.Owner}; a trial is claimed in
 * a transaction, and one whose owner died is claimed again.
 */
package dev.galen.examples.search.store;
