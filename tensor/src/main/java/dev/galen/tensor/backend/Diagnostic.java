package dev.galen.tensor.backend;

/**
 * One thing that a provider looked for on this machine.
 *
 * @param name what: a library's file
 * @param found whether it is there
 * @param detail its version, or what is wrong
 * @param remedy what to do where it is missing, else empty
 */
public record Diagnostic(String name, boolean found, String detail, String remedy) {}
