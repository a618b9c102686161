/**
 * A PostgreSQL server for the tests of every module that keeps something in one. It reaches them in
 * the test-jar of {@code search}, so it is a package that no module has.
 */
package dev.galen.examples.search.testing;
