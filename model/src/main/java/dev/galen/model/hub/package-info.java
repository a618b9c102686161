/**
 * The HuggingFace hub: the only code in Galen that opens a connection, and only when asked to.
 *
 * <pre>
 * Hub          a directory or a repository's name in, a local directory out; never a connection
 * HubDownload  fills the cache: list, choose (ModelFiles), ask (HubClient), fetch (BlobDownload)
 * HubCache     HuggingFace's own directory layout, shared with its Python library both ways
 * HubHttp      one request: redirects, who may see the token, stalls; Retries: when to try again
 * HubId, HubEnvironment, DownloadProgress: what, with which settings, and who watches
 * </pre>
 */
package dev.galen.model.hub;
