package dev.galen.bench.book;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** All rows, and which of them a user asked for. */
final class Book {
  /** The mean over all products, which is worth a line only when all were measured. */
  static final String MATMUL = "matmul/";

  static final String MATMUL_MEAN = MATMUL + "geomean";

  private final List<Row> rows;

  Book(List<Row> rows) {
    this.rows = List.copyOf(rows);
  }

  /**
   * Every row there is, in the order in which they are measured.
   *
   * @param home Galen's folder
   * @param text for tokenizers, or null
   */
  static Book of(Peers peers, Path home, Path text) throws IOException {
    var files = Gpt2Files.in(home);
    var rows = new ArrayList<Row>();
    rows.addAll(TrainRows.of(peers));
    rows.addAll(GenerateRows.of(peers));
    rows.addAll(FamilyRows.of(peers));
    rows.addAll(ServeRows.of());
    rows.addAll(LoraRows.of(peers, home));
    rows.addAll(MatmulRows.of(peers));
    rows.addAll(AttentionRows.of(peers));
    rows.addAll(TokenizerRows.of(peers, files, text));
    rows.addAll(StartRows.of(peers, home, files));
    rows.addAll(GrowthRows.of());
    rows.addAll(SteadyRows.of());
    return new Book(rows);
  }

  /** All names that can be asked for. */
  List<String> names() {
    var names = new ArrayList<String>();
    for (Row row : rows) {
      if (row.name().startsWith(MATMUL) && !names.contains(MATMUL_MEAN)) {
        names.add(MATMUL_MEAN);
      }
      names.add(row.name());
    }
    return names;
  }

  /**
   * The rows whose names begin with one of {@code prefixes}; all where there is none.
   *
   * @throws IllegalArgumentException if a prefix begins no name
   */
  List<Row> select(List<String> prefixes) {
    for (String prefix : prefixes) {
      if (names().stream().noneMatch(name -> name.startsWith(prefix))) {
        throw new IllegalArgumentException(
            "no row's name begins with '%s'; --list shows them".formatted(prefix));
      }
    }
    return rows.stream().filter(row -> isAsked(row.name(), prefixes)).toList();
  }

  private static boolean isAsked(String name, List<String> prefixes) {
    return prefixes.isEmpty()
        || prefixes.stream()
            .anyMatch(
                prefix ->
                    name.startsWith(prefix)
                        || MATMUL_MEAN.equals(prefix) && name.startsWith(MATMUL));
  }

  /** The measured rows with the mean of the products before them, if all products are there. */
  List<Measured> withMean(List<Measured> measured) {
    List<Measured> products = measured.stream().filter(m -> m.name().startsWith(MATMUL)).toList();
    long all = rows.stream().filter(row -> row.name().startsWith(MATMUL)).count();
    if (products.isEmpty() || products.size() < all) {
      return measured;
    }
    var result = new ArrayList<>(measured);
    result.add(measured.indexOf(products.getFirst()), mean(products));
    return result;
  }

  private static Measured mean(List<Measured> products) {
    Measured first = products.getFirst();
    var beside = new ArrayList<Measured.Beside>();
    for (int i = 0; i < first.beside().size(); i++) {
      int peer = i;
      beside.add(
          new Measured.Beside(
              first.beside().get(i).peer(),
              mean(products, m -> m.beside().get(peer).value()),
              median(products, m -> m.beside().get(peer).spread()),
              mean(products, m -> m.beside().get(peer).ratio())));
    }
    return new Measured(
        MATMUL_MEAN,
        first.unit(),
        mean(products, Measured::value),
        median(products, Measured::spread),
        median(products, Measured::steal),
        Cost.NONE,
        0,
        beside);
  }

  private static double mean(List<Measured> rows, ToDoubleFunction<Measured> f) {
    return Statistics.geometricMean(rows.stream().mapToDouble(f).toArray());
  }

  private static double median(List<Measured> rows, ToDoubleFunction<Measured> f) {
    return Statistics.median(rows.stream().mapToDouble(f).toArray());
  }
}
