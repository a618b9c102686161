package dev.galen.bench.gpu;

import dev.galen.bench.book.Contender;
import dev.galen.bench.book.Cost;
import dev.galen.bench.book.Interleaved;
import dev.galen.bench.book.Statistics;
import dev.galen.bench.book.Unit;
import dev.galen.bench.peer.Work;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A line of the table: ours first, then others that do the same.
 *
 * @param name section and variant: {@code gemm/qkv-bf16}
 * @param unit of the figures
 * @param amount what one run does, in the unit's base
 * @param cost of one run, for {@code roof}
 * @param roof that bounds it
 * @param alone whether each has the GPU's memory to itself, one after the other, instead of taking
 *     turns sample by sample
 * @param contenders ours first
 */
record GpuRow(
    String name,
    Unit unit,
    double amount,
    Cost cost,
    Roof roof,
    boolean alone,
    List<Contender> contenders) {

  /** A row that is bound by memory. */
  static GpuRow memory(String name, double bytes, List<Contender> contenders) {
    return new GpuRow(
        name, Unit.GB_PER_SECOND, bytes, new Cost(0, bytes), Roof.COPY, false, contenders);
  }

  /** A row that is bound by arithmetic. */
  static GpuRow arithmetic(String name, double flops, Roof roof, List<Contender> contenders) {
    return new GpuRow(
        name, Unit.GFLOP_PER_SECOND, flops, new Cost(flops, 0), roof, false, contenders);
  }

  /** Measures it now. Who cannot do the work has a sentence in place of a figure. */
  GpuResult measure(Interleaved timer) {
    var figures = new GpuResult.Figure[contenders.size()];
    if (alone) {
      for (int i = 0; i < figures.length; i++) {
        measure(timer, figures, List.of(i));
      }
    } else {
      var all = new ArrayList<Integer>();
      for (int i = 0; i < figures.length; i++) {
        all.add(i);
      }
      measure(timer, figures, all);
    }
    return new GpuResult(this, List.of(figures));
  }

  private void measure(Interleaved timer, GpuResult.Figure[] figures, List<Integer> members) {
    var works = new ArrayList<Work>();
    var ready = new ArrayList<Integer>();
    for (int member : members) {
      try {
        works.add(contenders.get(member).source().prepare());
        ready.add(member);
      } catch (IOException | RuntimeException | OutOfMemoryError e) {
        figures[member] = problem(member, e);
      }
    }
    try {
      double[][] seconds = timer.time(works);
      for (int i = 0; i < ready.size(); i++) {
        int member = ready.get(i);
        figures[member] =
            new GpuResult.Figure(
                contenders.get(member).name(),
                Statistics.median(seconds[i]),
                Statistics.spread(seconds[i]),
                works.get(i) instanceof HostTimed timed ? timed.hostShare() : Double.NaN,
                "");
      }
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      for (int member : ready) {
        figures[member] = problem(member, e);
      }
    } finally {
      close(works);
    }
  }

  private GpuResult.Figure problem(int member, Throwable e) {
    String said = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return new GpuResult.Figure(
        contenders.get(member).name(),
        Double.NaN,
        Double.NaN,
        Double.NaN,
        e instanceof IOException ? said : e.getClass().getSimpleName() + ": " + said);
  }

  /** What cannot be closed is a process that is gone, which its row has said already. */
  private static void close(List<Work> works) {
    for (Work work : works) {
      try {
        work.close();
      } catch (IOException e) {
        System.err.println(e.getMessage());
      }
    }
  }
}
