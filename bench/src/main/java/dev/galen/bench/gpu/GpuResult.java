package dev.galen.bench.gpu;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;

/**
 * A row that was measured.
 *
 * @param row what ran
 * @param figures one for each contender, ours first
 */
record GpuResult(GpuRow row, List<Figure> figures) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final MathContext DIGITS = new MathContext(4);

  /**
   * What one contender reached.
   *
   * @param name whose
   * @param seconds of one run, a median; NaN where there is none
   * @param spread distance of the quartiles over the median
   * @param hostShare see {@link HostTimed}; NaN where it is not known
   * @param problem why there is no figure, else empty
   */
  record Figure(String name, double seconds, double spread, double hostShare, String problem) {
    boolean isThere() {
      return problem.isEmpty();
    }
  }

  Figure ours() {
    return figures.getFirst();
  }

  private double value(Figure figure) {
    return row.unit().value(row.amount(), figure.seconds());
  }

  /** Above 1: ours is better. */
  private double ratio(Figure other) {
    return row.unit().ratio(value(ours()), value(other));
  }

  /** The part of the roof that {@code figure} reaches; NaN where the roof was not measured. */
  private double part(Figure figure, Roofs roofs) {
    double work = row.roof() == Roof.COPY ? row.cost().bytes() : row.cost().flops();
    return work / figure.seconds() / roofs.of(row.roof());
  }

  /** Lines of the table, one for each contender. */
  String markdown(Roofs roofs) {
    var text = new StringBuilder();
    for (Figure figure : figures) {
      text.append(
          "| %s | %s | %s | %s | %s | %s | %s | %s |\n"
              .formatted(
                  row.name(),
                  figure.name(),
                  figure.isThere() ? number(value(figure)) : figure.problem(),
                  row.unit().symbol(),
                  figure == ours() ? "" : fixed("%.2f", ratio(figure)),
                  fixed("%.0f%%", 100 * part(figure, roofs)),
                  fixed("%.1f%%", 100 * figure.hostShare()),
                  fixed("%.0f%%", 100 * figure.spread())));
    }
    return text.toString();
  }

  private static String fixed(String format, double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "";
  }

  /** The same for programs, one object for each contender. */
  List<ObjectNode> json(Roofs roofs) {
    return figures.stream().map(figure -> json(figure, roofs)).toList();
  }

  private ObjectNode json(Figure figure, Roofs roofs) {
    ObjectNode line = JSON.createObjectNode();
    line.put("name", row.name()).put("by", figure.name()).put("unit", row.unit().symbol());
    if (!figure.isThere()) {
      return line.put("problem", figure.problem());
    }
    put(line, "value", value(figure));
    put(line, "seconds", figure.seconds());
    put(line, "spread", figure.spread());
    put(line, "host", figure.hostShare());
    put(line, "roof", part(figure, roofs));
    if (figure != ours() && ours().isThere()) {
      put(line, "ratio", ratio(figure));
    }
    return line;
  }

  private static void put(ObjectNode line, String name, double value) {
    if (Double.isFinite(value)) {
      line.put(name, new BigDecimal(value, DIGITS));
    }
  }

  private static String number(double value) {
    return new BigDecimal(value, DIGITS).toPlainString();
  }
}
