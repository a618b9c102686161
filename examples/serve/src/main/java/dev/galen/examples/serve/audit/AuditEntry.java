package dev.galen.examples.serve.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * What is told of a request.
 *
 * @param time when it ended
 * @param who the caller's id
 * @param route such as {@code POST /v1/chat/completions}: the pattern, not the address, which may
 *     hold anything
 * @param model that answered, or an empty text
 * @param request the request's id, as in the server's log
 * @param input {@link AuditKey#hash} of what was asked, or an empty text
 * @param outcome such as {@code 200}, {@code 429} or {@code cancelled}
 */
public record AuditEntry(
    Instant time,
    String who,
    String route,
    String model,
    String request,
    String input,
    String outcome) {
  /** The hash before the first line. */
  static final String ZERO = "0".repeat(64);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A line of the log: the entry, its number, the hash before it, and its own at the end. */
  static String line(long number, String before, AuditEntry entry) {
    ObjectNode node = JSON.createObjectNode();
    node.put("n", number);
    node.put("time", entry.time().toString());
    node.put("who", entry.who());
    node.put("route", entry.route());
    node.put("model", entry.model());
    node.put("request", entry.request());
    node.put("input", entry.input());
    node.put("outcome", entry.outcome());
    node.put("before", before);
    String open = write(node);
    String body = open.substring(0, open.length() - 1);
    return body + ",\"hash\":\"" + hash(body) + "\"}";
  }

  /** SHA-256 of a line up to its own hash. */
  static String hash(String body) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(body.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  private static String write(ObjectNode node) {
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new AssertionError("a tree of texts can be written", e);
    }
  }
}
