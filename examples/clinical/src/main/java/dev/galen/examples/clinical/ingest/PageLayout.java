package dev.galen.examples.clinical.ingest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The reading order of a page: from the top down, where text stands in columns column by column.
 * What spans the columns, such as a title, ends them; the cells of a table stay in their lines.
 *
 * <p>A gutter is a strip of at least a font's height that lines stand on both sides of and nearly
 * none crosses. It parts columns, and no table, if the lines beside it are as long as prose.
 */
final class PageLayout {
  /** A gap in a line of more than this many font heights ends a run. */
  private static final double RUN_GAP = 1.0;

  /** A strip is wider than this many font heights. */
  private static final double GUTTER = 0.9;

  /** Of lines of prose in a column; cells of tables are shorter. */
  private static final int PROSE = 18;

  private static final int LINES = 3;
  private static final int DEPTH = 8;

  /** A page of more runs is a drawing. */
  private static final int MOST_RUNS = 4000;

  private PageLayout() {}

  /** The lines of a page in reading order; glyphs come in the order in which they were drawn. */
  static List<String> lines(List<Glyph> glyphs) {
    List<String> lines = new ArrayList<>();
    order(runs(glyphs), lines, 0);
    return lines;
  }

  private static List<PageRun> runs(List<Glyph> glyphs) {
    List<PageRun> runs = new ArrayList<>();
    PageRun run = null;
    Glyph last = null;
    for (Glyph glyph : glyphs) {
      boolean goesOn =
          last != null
              && glyph.isOnLineOf(last)
              && glyph.left() - last.right() < RUN_GAP * last.size()
              && glyph.left() - last.left() > -0.5 * last.size();
      if (!goesOn) {
        if (glyph.isSpace()) {
          continue; // a space alone belongs to nothing
        }
        run = new PageRun();
        runs.add(run);
      }
      run.add(glyph);
      last = glyph;
    }
    return runs;
  }

  /** Puts the lines of some runs in order behind {@code lines}. */
  private static void order(List<PageRun> runs, List<String> lines, int depth) {
    runs.sort(Comparator.comparingDouble(PageRun::top).reversed());
    double gutter = depth < DEPTH && runs.size() <= MOST_RUNS ? gutter(runs) : Double.NaN;
    if (Double.isNaN(gutter)) {
      rows(runs, lines);
      return;
    }
    List<PageRun> columns = new ArrayList<>();
    for (PageRun run : runs) {
      if (run.left() < gutter && run.right() > gutter) {
        columns(columns, gutter, lines, depth);
        columns.clear();
        rows(List.of(run), lines);
      } else {
        columns.add(run);
      }
    }
    columns(columns, gutter, lines, depth);
  }

  /** The runs between two that span the columns. */
  private static void columns(List<PageRun> runs, double gutter, List<String> lines, int depth) {
    List<PageRun> left = new ArrayList<>();
    List<PageRun> right = new ArrayList<>();
    runs.forEach(run -> (run.left() < gutter ? left : right).add(run));
    if (left.size() < 2 || right.size() < 2) {
      rows(new ArrayList<>(runs), lines); // a line with its ends apart, such as a header
      return;
    }
    order(left, lines, depth + 1);
    order(right, lines, depth + 1);
  }

  /**
   * The middle of the best strip between columns; NaN if there is none. It is looked for behind the
   * end of every run.
   */
  private static double gutter(List<PageRun> runs) {
    double best = Double.NaN;
    double bestScore = 0;
    for (PageRun one : runs) {
      double from = one.right();
      double to = Double.MAX_VALUE;
      for (PageRun run : runs) {
        if (run.left() >= from) {
          to = Math.min(to, run.left());
        }
      }
      if (to == Double.MAX_VALUE || to - from < GUTTER * one.size()) {
        continue;
      }
      double middle = (from + to) / 2;
      double score = score(runs, middle, to - from);
      if (score > bestScore) {
        bestScore = score;
        best = middle;
      }
    }
    return best;
  }

  /**
   * How good a strip is: how many lines it parts, less those that cross it where there are lines on
   * both sides; 0 for no good.
   */
  private static double score(List<PageRun> runs, double x, double width) {
    var left = new Side();
    var right = new Side();
    for (PageRun run : runs) {
      if (run.right() <= x) {
        left.add(run);
      } else if (run.left() >= x) {
        right.add(run);
      }
    }
    double top = Math.min(left.top, right.top);
    double bottom = Math.max(left.bottom, right.bottom);
    if (!left.isProse() || !right.isProse() || top <= bottom) {
      return 0;
    }
    int crossing = 0;
    for (PageRun run : runs) {
      double middle = (run.top() + run.bottom()) / 2;
      crossing += run.left() < x && run.right() > x && middle < top && middle > bottom ? 1 : 0;
    }
    return Math.min(left.lines, right.lines) - crossing + Math.min(width, 50) / 1000;
  }

  /** The lines on one side of a strip. */
  private static final class Side {
    private int lines;
    private long characters;
    private double top = -Double.MAX_VALUE;
    private double bottom = Double.MAX_VALUE;

    void add(PageRun run) {
      lines++;
      characters += run.glyphs().size();
      top = Math.max(top, run.top());
      bottom = Math.min(bottom, run.bottom());
    }

    boolean isProse() {
      return lines >= LINES && characters >= (long) PROSE * lines;
    }
  }

  /** Runs whose lines go from side to side. */
  private static void rows(List<PageRun> runs, List<String> lines) {
    List<PageRun> rows = new ArrayList<>();
    var sorted = new ArrayList<>(runs);
    sorted.sort(Comparator.comparingDouble(PageRun::top).reversed());
    for (PageRun run : sorted) {
      PageRun row = null;
      for (int i = rows.size() - 1; i >= Math.max(0, rows.size() - 3) && row == null; i--) {
        row = rows.get(i).isOnLineOf(run) ? rows.get(i) : null;
      }
      if (row == null) {
        row = new PageRun();
        rows.add(row);
      }
      row.addAll(run);
    }
    for (PageRun row : rows) {
      String text = row.text();
      if (!text.isEmpty()) {
        lines.add(text);
      }
    }
  }
}
