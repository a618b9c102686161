/**
 * Who may do what.
 *
 * <p>{@code KeyFile} keeps hashes of API keys and {@code Keys} looks callers up in it; {@code
 * JwtVerifier} takes tokens of an identity provider; {@code Sessions} are logins of the web page,
 * with their CSRF tokens; {@code RateLimiter} counts requests and tokens; {@code Access} puts them
 * together: from a request's headers to a {@code Principal}, or to why there is none.
 */
package dev.galen.examples.serve.access;
