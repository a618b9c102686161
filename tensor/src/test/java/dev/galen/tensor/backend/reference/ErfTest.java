package dev.galen.tensor.backend.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ErfTest {
  /** x and erf(x), computed to 40 digits by mpmath 1.3 and rounded to the nearest double. */
  private static final double[][] EXACT = {
    {0, 0},
    {1e-9, 1.1283791670955127e-09},
    {0.1, 0.1124629160182849},
    {0.5, 0.5204998778130465},
    {1, 0.8427007929497149},
    {1.5, 0.9661051464753108},
    {1.99, 0.995111413199617},
    {2, 0.9953222650189527},
    {2.5, 0.999593047982555},
    {3, 0.9999779095030014},
    {4, 0.9999999845827421},
    {5.5, 0.9999999999999927},
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
