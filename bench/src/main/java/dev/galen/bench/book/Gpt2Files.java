package dev.galen.bench.book;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.bench.RandomGpt2;
import dev.galen.bench.peer.JvmTokenizers;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * GPT-2's tokenizer, and a directory with a whole GPT-2 124M of random weights, made once and kept.
 * Vocabulary and merges are derived from the ranks in jtokkit's jar, so that nothing is downloaded.
 *
 * @param directory where they lie
 */
record Gpt2Files(Path directory) {
  private static final String RANKS = "r50k_base.tiktoken";
  private static final String END_OF_TEXT = "<|endoftext|>";
  private static final int BYTES = 256;

  /** The files below Galen's own build folder. */
  static Gpt2Files in(Path home) {
    return new Gpt2Files(home.resolve(Path.of("target", "bench", "gpt2-124m-random")));
  }

  /** The tokenizer's folder; HuggingFace's files, and tiktoken's ranks beside them. */
  Path tokenizer() throws IOException {
    Path folder = directory.resolve("tokenizer");
    if (!Files.exists(folder.resolve("tokenizer.json"))) {
      Files.createDirectories(folder);
      try (InputStream ranks = JvmTokenizers.ranks()) {
        Files.write(ranks(folder), ranks.readAllBytes());
      }
      writeVocabulary(folder, readRanks(ranks(folder)));
      TokenizerFiles.load(folder).save(folder);
    }
    return folder;
  }

  /** tiktoken's file in {@code tokenizer}. */
  static Path ranks(Path tokenizer) {
    return tokenizer.resolve(RANKS);
  }

  /** A HuggingFace directory with config, weights and tokenizer. */
  Path model() throws IOException {
    Path folder = directory.resolve("model");
    if (!Files.exists(folder.resolve("config.json"))) {
      Pretrained.save(RandomGpt2.create(), TokenizerFiles.load(tokenizer()), folder);
    }
    return folder;
  }

  /** Lines of a token in Base64 and its rank, which is its id; bytes are chars of Latin-1 here. */
  private static Map<String, Integer> readRanks(Path file) throws IOException {
    var ranks = new LinkedHashMap<String, Integer>();
    for (String line : Files.readAllLines(file)) {
      String[] parts = line.split(" ");
      byte[] token = Base64.getDecoder().decode(parts[0]);
      ranks.put(new String(token, StandardCharsets.ISO_8859_1), Integer.valueOf(parts[1]));
    }
    return ranks;
  }

  private static void writeVocabulary(Path folder, Map<String, Integer> ranks) throws IOException {
    var vocabulary = new LinkedHashMap<String, Integer>();
    var merges = new StringBuilder("#version: 0.2\n");
    ranks.forEach(
        (token, rank) -> {
          vocabulary.put(spell(token), rank);
          if (rank >= BYTES) {
            List<String> parts = parts(token, rank, ranks);
            merges.append(spell(parts.get(0))).append(' ').append(spell(parts.get(1)));
            merges.append('\n');
          }
        });
    vocabulary.put(END_OF_TEXT, ranks.size());
    Files.writeString(folder.resolve("merges.txt"), merges);
    Files.writeString(
        folder.resolve("vocab.json"), new ObjectMapper().writeValueAsString(vocabulary));
  }

  /** The two tokens that {@code token} is merged from: what the merges before its own leave. */
  private static List<String> parts(String token, int rank, Map<String, Integer> ranks) {
    var parts = new ArrayList<>(List.of(token.split("")));
    while (parts.size() > 2) {
      int best = -1;
      int bestRank = rank;
      for (int i = 0; i + 1 < parts.size(); i++) {
        int pair = ranks.getOrDefault(parts.get(i) + parts.get(i + 1), Integer.MAX_VALUE);
        if (pair < bestRank) {
          best = i;
          bestRank = pair;
        }
      }
      parts.set(best, parts.get(best) + parts.remove(best + 1));
    }
    return parts;
  }

  /** Printable Latin-1 stands for itself; the other bytes, in order, for U+0100 and on. */
  private static String spell(String bytes) {
    var spelled = new StringBuilder();
    bytes.chars().forEach(b -> spelled.append(SPELLING.get((char) b)));
    return spelled.toString();
  }

  private static final Map<Character, Character> SPELLING = spelling();

  private static Map<Character, Character> spelling() {
    var spelling = new HashMap<Character, Character>();
    char next = BYTES;
    for (char b = 0; b < BYTES; b++) {
      boolean printable = b > ' ' && b < 0x7f || b > 0xa0 && b != 0xad;
      spelling.put(b, printable ? b : next++);
    }
    return spelling;
  }
}
