package dev.galen.train.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.testing.TensorAssert;
import dev.galen.tensor.testing.Tolerance;
import dev.galen.train.schedule.Schedule;
import dev.galen.train.schedule.Schedules;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The optimizers against torch.optim, and the schedules against transformers'. */
class OptimTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final JsonNode expected = read();

  private static JsonNode read() {
    try (InputStream file = OptimTest.class.getResourceAsStream("optim.json")) {
      return JSON.readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, reference", "1, reference", "2, reference", "0, cpu", "1, cpu", "2, cpu"})
  void updatesEqualPyTorchs(int index, String device) {
    JsonNode run = expected.get("adamw").get(index);
    var settings =
        new AdamW.Settings(
            run.get("beta1").asDouble(),
            run.get("beta2").asDouble(),
            run.get("epsilon").asDouble(),
            run.get("weightDecay").asDouble());
    List<Tensor> parameters = parameters(device);
    requireSame(run, new Device(device), new AdamW(parameters, settings), parameters);
  }

  @ParameterizedTest
  @CsvSource({"0, reference", "1, reference", "0, cpu", "1, cpu"})
  void updatesBySgdEqualPyTorchs(int index, String device) {
    JsonNode run = expected.get("sgd").get(index);
    var settings =
        new Sgd.Settings(run.get("momentum").asDouble(), run.get("weightDecay").asDouble());
    List<Tensor> parameters = parameters(device);
    requireSame(run, new Device(device), new Sgd(parameters, settings), parameters);
  }

  private List<Tensor> parameters(String device) {
    var parameters = new ArrayList<Tensor>();
    for (JsonNode shape : expected.get("shapes")) {
      parameters.add(parameter(new Device(device), shape, parameters.size()));
    }
    return parameters;
  }

  private static void requireSame(
      JsonNode run, Device device, Optimizer optimizer, List<Tensor> parameters) {
    double clip = run.get("clip").asDouble();
    for (JsonNode want : run.get("steps")) {
      int step = (int) optimizer.steps();
      for (int p = 0; p < parameters.size(); p++) {
        setGradient(device, parameters.get(p), p, step);
      }
      double scale = 1;
      if (clip > 0) {
        double norm = optimizer.gradientNorm();
        assertEquals(want.get("norm").asDouble(), norm, 1e-5 * norm);
        scale = Math.min(1, clip / (norm + 1e-6));
      }
      optimizer.step(run.get("learningRate").asDouble(), scale);
      TensorAssert.assertClose(
          "after update " + (step + 1),
          JSON.convertValue(want.get("sums"), double[].class),
          parameters.stream().mapToDouble(OptimTest::weightedSum).toArray(),
          Tolerance.of(DType.F32, 66));
    }
  }

  private static Tensor parameter(Device device, JsonNode shape, int index) {
    int[] dims = JSON.convertValue(shape, int[].class);
    int size = 1;
    for (int dim : dims) {
      size *= dim;
    }
    var values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) Math.sin(i + index);
    }
    return Tensors.of(device, values, dims).requireGrad();
  }

  private static void setGradient(Device device, Tensor parameter, int index, int step) {
    var values = new float[Math.toIntExact(parameter.shape().size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 4 == 3 ? 0 : (float) (3 * Math.cos(i + 2 * index + 5 * step));
    }
    parameter.zeroGrad();
    Tensor gradient = Tensors.of(device, values, parameter.shape().toArray());
    parameter.mul(gradient).sum().backward();
  }

  private static double weightedSum(Tensor parameter) {
    double[] values = parameter.toDoubles();
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[i] * Math.cos(i);
    }
    return sum;
  }

  @Test
  void aParameterWithoutGradientIsDecayedAndNotMoved() {
    Tensor matrix = Tensors.of(Device.REFERENCE, new float[] {2, 4}, 1, 2).requireGrad();
    Tensor bias = Tensors.of(Device.REFERENCE, new float[] {2, 4}, 2).requireGrad();
    var optimizer = new AdamW(List.of(matrix, bias), AdamW.Settings.decay(0.5));
    assertEquals(0, optimizer.gradientNorm());
    optimizer.step(0.1, 1);
    TensorAssert.assertClose(
        "matrix", new double[] {1.9, 3.8}, matrix.toDoubles(), Tolerance.of(DType.F32, 1));
    TensorAssert.assertClose("bias", new double[] {2, 4}, bias.toDoubles(), Tolerance.EXACT);
  }

  @Test
  void schedulesEqualTransformers() {
    for (JsonNode row : expected.get("schedules")) {
      Schedule schedule = Schedules.named(row.get("kind").asText(), Map.of());
      long total = row.get("total").asLong();
      var run = schedule.over(0.25, row.get("warmup").asLong(), total);
      double[] rates = JSON.convertValue(row.get("rates"), double[].class);
      assertEquals(total + 1, rates.length);
      for (int step = 0; step < rates.length; step++) {
        String what = schedule + " of " + total + " at " + step;
        assertEquals(rates[step], run.at(step), 1e-15, what);
      }
    }
    assertEquals(0, Schedule.LINEAR.over(1, 0, 5).at(9), "stays at 0 after the end");
  }
}
