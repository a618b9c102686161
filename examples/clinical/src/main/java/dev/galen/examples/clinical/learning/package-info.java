/** One training of several that a run has: it goes on after a kill, and tells how far it is. */
package dev.galen.examples.clinical.learning;
