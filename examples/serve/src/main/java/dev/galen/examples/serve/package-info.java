/** A model directory as a server. */
package dev.galen.examples.serve;
