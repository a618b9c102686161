package dev.galen.kernels.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * One CUDA source and all that it includes, as text: what a compiler needs that may open no file.
 *
 * @param name the source's file name, which its errors carry
 * @param text the source
 * @param headers what is included, directly or not, by the names it is included by
 */
record KernelSources(String name, String text, Map<String, String> headers) {
  private static final String KERNELS = "galen.cu";
  private static final Pattern INCLUDE = Pattern.compile("(?m)^\\s*#\\s*include\\s*\"([^\"]+)\"");

  /** All kernels, from the jar. */
  static KernelSources ofJar() {
    return of(KERNELS, KernelSources::resource);
  }

  /**
   * {@code name} and what it includes in quotes. A file that {@code read} does not have, for which
   * it gives null, is left out: the host's body of something, which this compiler never sees.
   */
  static KernelSources of(String name, UnaryOperator<String> read) {
    String text = read.apply(name);
    if (text == null) {
      throw new IllegalStateException(
          "the CUDA source %s is missing in Galen's jar; build it again".formatted(name));
    }
    var headers = new TreeMap<String, String>();
    var unread = new ArrayDeque<String>();
    unread.add(text);
    while (!unread.isEmpty()) {
      var includes = INCLUDE.matcher(unread.remove());
      while (includes.find()) {
        String header = includes.group(1);
        if (!headers.containsKey(header)) {
          String included = read.apply(header);
          if (included != null) {
            headers.put(header, included);
            unread.add(included);
          }
        }
      }
    }
    return new KernelSources(name, text, Map.copyOf(headers));
  }

  /** SHA-256 of all of it, in hexadecimal. */
  String fingerprint() {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      update(digest, name, text);
      new TreeMap<>(headers).forEach((header, content) -> update(digest, header, content));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** A zero byte ends each piece, so that no two sets of files look alike. */
  private static void update(MessageDigest digest, String name, String content) {
    for (String piece : new String[] {name, content}) {
      digest.update(piece.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }
  }

  private static String resource(String name) {
    try (InputStream in = KernelSources.class.getResourceAsStream(name)) {
      return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the CUDA source " + name + " cannot be read", e);
    }
  }
}
