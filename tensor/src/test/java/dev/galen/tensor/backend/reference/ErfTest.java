package dev.galen.tensor.backend.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ErfTest {
  /** x and erf(x), to 40 digits by mpmath 1.3, rounded. */
  private static final double[][] EXACT = {
    {0, 0},
    {1e-9, 1.128379167095512643797283e-9},
    {0.1, 0.1124629160182848984047123},
    {0.5, 0.5204998778130465376827467},
    {1, 0.8427007929497148693412206},
    {1.5, 0.9661051464753107270669763},
    {1.99, 0.9951114131996169970473154},
    {2, 0.9953222650189527341620693},
    {2.5, 0.9995930479825550410604358},
    {3, 0.9999779095030014145586272},
    {4, 0.9999999845827420997199811},
    {5.5, 0.999999999999992642152082},
    {7, 1},
  };

  @Test
  void agreesWithExactValues() {
    for (double[] pair : EXACT) {
      assertEquals(pair[1], Erf.erf(pair[0]), 1e-15 * pair[1], "erf " + pair[0]);
      assertEquals(-pair[1], Erf.erf(-pair[0]), 1e-15 * pair[1], "erf -" + pair[0]);
    }
  }

  @Test
  void meetsAtTheCrossover() {
    double slope = 2 / Math.sqrt(Math.PI) * Math.exp(-4);
    double below = Erf.erf(Math.nextDown(2.0));
    assertEquals(slope * Math.ulp(1.0), Erf.erf(2.0) - below, 1e-15);
  }

  @Test
  void keepsSpecialValues() {
    assertTrue(Double.isNaN(Erf.erf(Double.NaN)));
    assertEquals(1, Erf.erf(Double.POSITIVE_INFINITY));
    assertEquals(-1, Erf.erf(Double.NEGATIVE_INFINITY));
  }
}
