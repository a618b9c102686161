package dev.galen.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.tokenizer.TokenizerFiles;
import java.io.IOException;
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
      "What the tokenizer's post-processor puts around a text is added.",
      "With --chat each line is a JSON object of a conversation: messages, and where they are"
          + " wanted tools, documents, add_generation_prompt, continue_final_message and"
          + " variables. Its line in the output has the text that the model's chat template makes"
          + " of it and the ids, or an error. A template's special tokens are those of the"
          + " tokenizer."
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
  private SpecialTokens special;

  @Option(names = "--chat", description = "Read conversations, write JSON.")
  private boolean chat;

  @Option(
      names = "--chat-template",
      paramLabel = "FILE",
      description =
          "With --chat: a file with the template, or the name of one of the model's (default: its"
              + " default one, or tool_use for a conversation with tools).")
  private String chatTemplate;

  @Override
  public Integer call() throws IOException {
    if (tokenizer == null) {
      throw new IllegalArgumentException("tokenize needs --tokenizer DIR");
    }
    if (chat && (decode || special != null)) {
      throw new IllegalArgumentException("--chat goes with neither --decode nor --special");
    }
    if (chatTemplate != null && !chat) {
      throw new IllegalArgumentException("--chat-template needs --chat");
    }
    var bpe = TokenizerFiles.load(tokenizer);
    if (chat) {
      return answerChats(bpe);
    }
    var in = new InputLines(System.in);
    var out = new StringBuilder();
    for (String line = in.next(); line != null; line = in.next()) {
      try {
        out.append(decode ? decode(bpe, line) : encode(bpe, line)).append('\n');
      } catch (IllegalArgumentException e) {
        write(out);
        throw new IllegalArgumentException(
            "standard input, line " + in.number() + ": " + e.getMessage(), e);
      }
      if (out.length() > 1 << 16) {
        write(out);
      }
    }
    write(out);
    return 0;
  }

  /** One line of JSON for each of the input; a bad one does not end the others. */
  private int answerChats(Tokenizer bpe) throws IOException {
    var requests = ChatRequests.of(bpe, tokenizer, chatTemplate);
    var in = new InputLines(System.in);
    long bad = 0;
    for (String line = in.next(); line != null; line = in.next()) {
      ChatRequests.Answer answer = requests.answer(line, "line " + in.number());
      bad += answer.isBad() ? 1 : 0;
      common.write(answer.json() + "\n");
    }
    if (bad > 0) {
      throw new IllegalArgumentException(
          "%d of %d lines are no conversation; their errors say why".formatted(bad, in.number()));
    }
    return 0;
  }

  private String encode(Tokenizer bpe, String line) {
    SpecialTokens policy = special == null ? SpecialTokens.REFUSE : special;
    int[] ids = bpe.encodeWithSpecialTokens(line, policy);
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
}
