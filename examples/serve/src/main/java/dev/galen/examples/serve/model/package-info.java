/** The model that is served, with its engine. */
package dev.galen.examples.serve.model;
