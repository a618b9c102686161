/**
 * What is kept where somebody chose to keep something: feedback, and answers held for review.
 *
 * <p>{@code Records} is the table, of SQLite or PostgreSQL by one SQL ({@code Database}); its texts
 * are encrypted by {@code TextCipher} under the keys of a {@code KeysetFile}, which lies elsewhere.
 * {@code TrainingRows} makes rows for training of what was reviewed.
 */
package dev.galen.examples.serve.store;
