package dev.galen.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code galen tokenize}. */
@Command(
    name = "tokenize",
    description = {
      "Turn each line of standard input into a line of ids separated by spaces, or back.",
      "What the tokenizer's post-processor puts around a text is added."
    })
final class TokenizeCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Option(names = "--tokenizer", paramLabel = "DIR", description = "The tokenizer's files.")
  private Path tokenizer;

  @Option(names = "--decode", description = "Read ids, write text.")
  private boolean decode;

  @Option(
      names = "--special",
      paramLabel = "POLICY",
      description =
          "What a special token in the text is: refuse (default) an error, text ordinary text,"
              + " parse its id.")
  private SpecialTokens special = SpecialTokens.REFUSE;

  @Override
  public Integer call() throws IOException {
    if (tokenizer == null) {
      throw new IllegalArgumentException("tokenize needs --tokenizer DIR");
    }
    var bpe = TokenizerFiles.load(tokenizer);
    var in = new Lines(System.in);
    var out = new StringBuilder();
    for (String line = in.next(); line != null; line = in.next()) {
      try {
        out.append(decode ? decode(bpe, line) : encode(bpe, line)).append('\n');
      } catch (IllegalArgumentException e) {
        write(out);
        throw new IllegalArgumentException(
            "standard input, line " + in.number + ": " + e.getMessage(), e);
      }
      if (out.length() > 1 << 16) {
        write(out);
      }
    }
    write(out);
    return 0;
  }

  private String encode(Tokenizer bpe, String line) {
    int[] ids = bpe.encodeWithSpecialTokens(line, special);
    if (common.isJson()) {
      ObjectNode json = CommonOptions.object();
      ArrayNode array = json.putArray("ids");
      Arrays.stream(ids).forEach(array::add);
      return json.toString();
    }
    return Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(" "));
  }

  private String decode(Tokenizer bpe, String line) {
    String text = bpe.decode(ids(line));
    return common.isJson() ? CommonOptions.object().put("text", text).toString() : text;
  }

  private static int[] ids(String line) {
    String[] words = line.isBlank() ? new String[0] : line.strip().split("\\s+");
    var ids = new int[words.length];
    for (int i = 0; i < words.length; i++) {
      try {
        ids[i] = Integer.parseInt(words[i]);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("'" + words[i] + "' is no id", e);
      }
    }
    return ids;
  }

  private void write(StringBuilder text) {
    common.write(text.toString());
    text.setLength(0);
  }

  /**
   * Lines that end in a newline and nothing else: a carriage return is text, and malformed UTF-8 is
   * refused instead of being replaced.
   */
  private static final class Lines {
    private final InputStream in;
    private byte[] buffer = new byte[1 << 16];
    private int from;
    private int to;
    private long number;

    Lines(InputStream in) {
      this.in = in;
    }

    String next() throws IOException {
      int end = from;
      while (true) {
        while (end < to && buffer[end] != '\n') {
          end++;
        }
        if (end < to) {
          return line(end, end + 1);
        }
        int scanned = end - from;
        if (!fill()) {
          return from == to ? null : line(to, to);
        }
        end = from + scanned;
      }
    }

    private boolean fill() throws IOException {
      System.arraycopy(buffer, from, buffer, 0, to - from);
      to -= from;
      from = 0;
      if (to == buffer.length) {
        buffer = Arrays.copyOf(buffer, Math.multiplyExact(buffer.length, 2));
      }
      int read = in.read(buffer, to, buffer.length - to);
      to += Math.max(read, 0);
      return read >= 0;
    }

    private String line(int end, int next) throws IOException {
      number++;
      try {
        return StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(buffer, from, end - from))
            .toString();
      } catch (CharacterCodingException e) {
        throw new IOException("standard input, line " + number + ": not valid UTF-8", e);
      } finally {
        from = next;
      }
    }
  }
}
