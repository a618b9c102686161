/**
 * HTTP over the JDK's server and virtual threads: routes with the role that they need, bodies of a
 * bounded size, errors as one form of JSON, events as they come, an end that lets running requests
 * finish.
 */
package dev.galen.examples.serve.http;
