package dev.galen.bench.book;

import java.io.IOException;

/** A line of the book. */
interface Row {
  /** Family and variant: {@code decode/f32}. */
  String name();

  /** Measures it now. */
  Measured measure(Interleaved timer) throws IOException;

  /** A row of one figure that {@code measurement} finds without a clock. */
  static Row of(String name, Unit unit, Figure measurement) {
    return new Row() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Measured measure(Interleaved timer) throws IOException {
        return Measured.figure(name, unit, measurement.measure());
      }
    };
  }

  /** Finds a figure. */
  @FunctionalInterface
  interface Figure {
    /** The figure, in the row's unit. */
    double measure() throws IOException;
  }
}
