package dev.galen.train.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.Autocast;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PyTorch's rule for the scale of the loss, and the numbers that an optimizer takes. */
class GradScalerTest {
  @Test
  void halvesAtAnOverflowAndDoublesAfterTwoThousandGoodUpdates() {
    var scaler = new GradScaler(true);
    assertEquals(65536, scaler.scale());
    scaler.update(true);
    assertEquals(new GradScaler.State(65536, 1), scaler.state());
    scaler.update(false);
    assertEquals(new GradScaler.State(32768, 0), scaler.state());
    for (int i = 1; i < 2000; i++) {
      scaler.update(true);
      assertEquals(new GradScaler.State(32768, i), scaler.state());
    }
    scaler.update(true);
    assertEquals(new GradScaler.State(65536, 0), scaler.state());
  }

  @Test
  void staysBetweenOneAndWhatAnF32Holds() {
    var scaler = new GradScaler(true);
    scaler.resumeAt(new GradScaler.State(2, 3));
    assertTrue(scaler.canBackOff());
    scaler.update(false);
    assertEquals(new GradScaler.State(1, 0), scaler.state());
    assertFalse(scaler.canBackOff());
    scaler.update(false);
    assertEquals(1, scaler.scale());
    scaler.resumeAt(new GradScaler.State(0x1p127, 1999));
    scaler.update(true);
    assertEquals(new GradScaler.State(0x1p127, 0), scaler.state());
    scaler.resumeAt(new GradScaler.State(0x1p126, 1999));
    scaler.update(true);
    assertEquals(0x1p127, scaler.scale());
  }

  @Test
  void oneThatIsNotEnabledScalesNothing() {
    var scaler = new GradScaler(false);
    scaler.update(false);
    scaler.update(true);
    assertEquals(GradScaler.State.NONE, scaler.state());
    assertFalse(scaler.canBackOff());
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "-1, 0", "Infinity, 0", "NaN, 0", "1, -1"})
  void aStateThatNoRunLeftIsRefused(double scale, int goodSteps) {
    var error =
        assertThrows(IllegalArgumentException.class, () -> new GradScaler.State(scale, goodSteps));
    assertEquals(
        "a loss scale of " + scale + " after " + goodSteps + " good steps", error.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"F32, F32, false", "TF32, F32, true", "F16, F16, false", "BF16, BF16, false"})
  void productsAreComputedIn(MixedPrecision precision, DType type, boolean tf32) {
    assertEquals(precision == MixedPrecision.F16, precision.needsScaling());
    try (var mode = precision.open()) {
      assertEquals(
          type, Autocast.operand(Tensors.of(Device.REFERENCE, new float[] {1}, 1)).value().dtype());
      assertEquals(tf32, Autocast.allowsTf32());
    }
    assertFalse(Autocast.allowsTf32());
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, Double.NaN})
  void aMomentumThatDivergesIsRefused(double momentum) {
    var error = assertThrows(IllegalArgumentException.class, () -> new Sgd.Settings(momentum, 0));
    assertEquals("momentum is " + momentum + ", must be in [0, 1)", error.getMessage());
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, Double.POSITIVE_INFINITY, Double.NaN})
  void aDecayThatIsNoneIsRefused(double decay) {
    String wanted = "weight decay is " + decay + ", must be a number from 0 on";
    assertEquals(
        wanted,
        assertThrows(IllegalArgumentException.class, () -> new Sgd.Settings(0, decay))
            .getMessage());
    assertEquals(
        wanted,
        assertThrows(IllegalArgumentException.class, () -> AdamW.Settings.decay(decay))
            .getMessage());
  }

  @Test
  void settingsAreWhatACheckpointCompares() {
    assertEquals(
        "{momentum=0.0, weight-decay=0.5, dampening=0.0, nesterov=false}",
        new Sgd.Settings(0, 0.5).settings() + "");
    assertEquals(
        "{beta1=0.9, beta2=0.999, epsilon=1.0E-8, weight-decay=0.5, amsgrad=false}",
        AdamW.Settings.decay(0.5).settings() + "");
    assertEquals("SGD", new Sgd.Settings(0.9, 0).name());
    assertEquals(Float.BYTES, new Sgd.Settings(0.9, 0).stateBytes());
    assertEquals(2 * Float.BYTES, AdamW.Settings.decay(0).stateBytes());
  }
}
