/** {@code galen clinical ...}: options become calls of the packages beside this one. */
package dev.galen.examples.clinical.command;
