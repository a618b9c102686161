package dev.galen.examples.clinical.structure.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.structure.scan.Phrases;
import dev.galen.examples.clinical.structure.value.ValueNames;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitConversionTest {
  /** Figures that handbooks print. */
  @ParameterizedTest
  @CsvSource({
    "glucose, 100, mg/dL, mmol/L, 5.551",
    "glucose, 7.0, mmol/L, mg/dL, 126.1",
    "cholesterol, 200, mg/dL, mmol/L, 5.173",
    "ldl, 130, mg/dL, mmol/L, 3.362",
    "hdl, 40, mg/dL, mmol/L, 1.035",
    "triglycerides, 150, mg/dL, mmol/L, 1.694",
    "creatinine, 1.0, mg/dL, umol/L, 88.4",
    "creatinine, 120, umol/L, mg/dL, 1.357",
    "urea_nitrogen, 20, mg/dL, mmol/L, 7.139",
    "bilirubin, 1.0, mg/dL, umol/L, 17.1",
    "calcium, 10, mg/dL, mmol/L, 2.495",
    "hemoglobin, 13.5, g/dL, g/L, 135",
    "hemoglobin_a1c, 7.0, %, mmol/mol, 52.99",
    "vitamin_d, 30, ng/mL, nmol/L, 74.88",
    "temperature, 98.6, F, C, 37",
    "temperature, 38.5, C, F, 101.3",
    "weight, 180, lb, kg, 81.65",
    "height, 5 ft 10 in, ft in, cm, 177.8",
    "weight, 12 lb 4 oz, lb oz, kg, 5.557",
    "blood_pressure, 140/90, mmHg, kPa, 18.67/12",
    "pco2, 40, mmHg, kPa, 5.333",
    "LDL cholesterol, 130, mg/dl, mmol/l, 3.362",
    "HbA1c, 7.0, %, mmol/mol, 52.99",
    "temperature, 98.6, °F, °C, 37",
    "creatinine, 1.0, mg/dL, µmol/L, 88.4",
    "weight, 180, lbs, kilograms, 81.65",
    "sodium, 138, mEq/L, mmol/L, 138",
  })
  void unitsAreConverted(String analyte, String value, String unit, String target, String right) {
    var converted = UnitConversion.to(target, analyte, value, unit);
    assertEquals(null, converted.problem());
    double expected = Double.parseDouble(right.split("/")[0]);
    double actual = Double.parseDouble(converted.value().split("/")[0]);
    assertEquals(expected, actual, 0.001 * expected);
    assertEquals(ValueNames.unit(target), converted.unit());
  }

  @ParameterizedTest
  @CsvSource({
    "unobtainium, 5, mg/dL, mmol/L, unknown quantity unobtainium",
    "glucose, 5, mg/kg, mmol/L, unknown unit mg/kg",
    "glucose, 5, mg/dL, furlongs, unknown unit furlongs",
    "glucose, 80s, mg/dL, mmol/L, not a number",
    "glucose, 5, '', mmol/L, no unit",
  })
  void whatIsUnknownStaysAndIsFlagged(
      String analyte, String value, String unit, String target, String problem) {
    assertEquals(
        new UnitConversion.Converted(value, unit, problem),
        UnitConversion.to(target, analyte, value, unit));
  }

  @Test
  void everyPairOfUnitsGoesThereAndBack() {
    var random = new Random(11);
    int pairs = 0;
    for (Phrases line : Phrases.of(UnitConversion.class, "units.txt")) {
      String quantity = line.head().getFirst();
      for (String one : line.phrases()) {
        for (String other : line.phrases()) {
          String from = one.split(" ")[0];
          String to = other.split(" ")[0];
          double value = 1 + 400 * random.nextDouble();
          double there = UnitConversion.convert(quantity, value, from, to);
          assertEquals(
              value, UnitConversion.convert(quantity, there, to, from), 1e-9 * value, quantity);
          pairs++;
        }
      }
    }
    assertTrue(pairs > 150);
  }
}
