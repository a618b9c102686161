/** {@code galen serve ...}: options become calls of the packages beside this one. */
package dev.galen.examples.serve.command;
