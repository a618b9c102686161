package dev.galen.examples.clinical.structure.value;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Makes notes of sentences with values and of sentences whose numbers are none. The sentences are
 * none of those that the scanner's words were written on.
 */
final class SyntheticNotes {
  /** A note with its values, each as {@code kind|name|value|unit}. */
  record Note(String text, List<String> values) {}

  private final Random random;
  private final StringBuilder text = new StringBuilder();
  private final List<String> values = new ArrayList<>();

  private SyntheticNotes(long seed) {
    random = new Random(seed);
  }

  /** The note of a seed: about twenty sentences. */
  static Note of(long seed) {
    var maker = new SyntheticNotes(seed);
    for (int i = 0; i < 20; i++) {
      if (maker.random.nextInt(5) < 3) {
        maker.value();
      } else {
        maker.text.append(maker.pick(SyntheticPhrases.NONE));
      }
      maker.text.append(maker.random.nextInt(4) == 0 ? "\n" : " ");
    }
    return new Note(maker.text.toString(), maker.values);
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private int between(int least, int greatest) {
    return least + random.nextInt(greatest - least + 1);
  }

  private String tenths(int least, int greatest) {
    return String.format(Locale.ROOT, "%.1f", between(least * 10, greatest * 10) / 10.0);
  }

  private void gold(String kind, String name, String value, String unit) {
    values.add(kind + "|" + name + "|" + value + "|" + unit);
  }

  private void say(String sentence) {
    text.append(sentence);
  }

  private void value() {
    switch (random.nextInt(14)) {
      case 0, 1 -> pressure();
      case 2 -> heart();
      case 3 -> breaths();
      case 4 -> temperature();
      case 5 -> saturation();
      case 6 -> weight();
      case 7 -> height();
      case 8, 9 -> lab();
      case 10 -> table();
      case 11 -> vitals();
      default -> dose();
    }
  }

  private void pressure() {
    int high = between(92, 205);
    int low = between(48, 88);
    String both = high + "/" + low;
    String unit = "";
    switch (random.nextInt(7)) {
      case 0 -> say("BP on arrival to the ward: " + both + ".");
      case 1 -> say("We measured a blood pressure of " + high + " over " + low + " twice.");
      case 2 -> {
        unit = "mmHg";
        say("Seated blood pressure is " + both + " mmHg.");
      }
      case 3 -> say("Her B/P in the left arm was " + both + ".");
      case 4 -> say("He was hypertensive to " + both + " in triage.");
      case 5 -> say("Blood Pressure (Sitting) = " + both + ".");
      default -> {
        int later = low + 2;
        say("BPs were " + both + " and " + high + "/" + later + " at home.");
        gold("blood_pressure", "", high + "/" + later, "");
      }
    }
    gold("blood_pressure", "", both, unit);
  }

  private void heart() {
    int rate = between(44, 165);
    String unit = "";
    switch (random.nextInt(5)) {
      case 0 -> say("Heart rate was regular at " + rate + ".");
      case 1 -> {
        unit = "bpm";
        say("Pulse " + rate + " beats per minute.");
      }
      case 2 -> {
        unit = "bpm";
        say("HR=" + rate + "bpm.");
      }
      case 3 -> say("She was tachycardic at " + rate + " in the ambulance.");
      default -> say("The radial pulse is " + rate + " and bounding.");
    }
    gold("heart_rate", "", "" + rate, unit);
  }

  private void breaths() {
    int rate = between(10, 36);
    String unit = "";
    switch (random.nextInt(4)) {
      case 0 -> say("Respirations were " + rate + ".");
      case 1 -> {
        unit = "breaths/min";
        say("Respiratory rate " + rate + " breaths/min.");
      }
      case 2 -> say("RR: " + rate + ".");
      default -> say("Tachypneic to " + rate + ".");
    }
    gold("respiratory_rate", "", "" + rate, unit);
  }

  private void temperature() {
    boolean celsius = random.nextBoolean();
    String value = celsius ? tenths(36, 40) : tenths(97, 103);
    String unit = celsius ? "C" : "F";
    switch (random.nextInt(5)) {
      case 0 -> say("Temperature " + value + " °" + unit + ".");
      case 1 -> say("Temp: " + value + unit + ".");
      case 2 -> say("Tmax overnight " + value + " " + unit + ".");
      case 3 -> {
        unit = "";
        say("Febrile to " + value + ".");
      }
      default -> say("T " + value + (celsius ? " degrees Celsius." : " degrees Fahrenheit."));
    }
    gold("temperature", "", value, unit);
  }

  private void saturation() {
    int percent = between(84, 100);
    switch (random.nextInt(5)) {
      case 0 -> say("Oxygen saturation is " + percent + "% on 3 L nasal cannula.");
      case 1 -> say("SpO2: " + percent + " %.");
      case 2 -> say("She is satting " + percent + "% on room air.");
      case 3 -> say("Pulse ox " + percent + "% RA.");
      default -> say("O2 sats " + percent + "%.");
    }
    gold("oxygen_saturation", "", "" + percent, "%");
  }

  private void weight() {
    int value = between(48, 230);
    switch (random.nextInt(4)) {
      case 0 -> {
        say("Weight today: " + value + " lbs.");
        gold("weight", "", "" + value, "lb");
      }
      case 1 -> {
        say("He weighed " + value + " kg at intake.");
        gold("weight", "", "" + value, "kg");
      }
      case 2 -> {
        say("Wt. " + value + "kg.");
        gold("weight", "", "" + value, "kg");
      }
      default -> {
        say("Body mass index was " + between(18, 48) + ".4 kg/m2.");
        String said = text.substring(text.lastIndexOf("was ") + 4, text.lastIndexOf(" kg/m2"));
        gold("bmi", "", said, "kg/m2");
      }
    }
  }

  private void height() {
    int value = between(148, 199);
    switch (random.nextInt(4)) {
      case 0 -> {
        say("Height " + value + " cm.");
        gold("height", "", "" + value, "cm");
      }
      case 1 -> {
        int inches = between(0, 11);
        say("Ht: 5'" + inches + "\".");
        gold("height", "", "5 ft " + inches + " in", "ft in");
      }
      case 2 -> {
        int inches = between(58, 77);
        say("Height is " + inches + " inches.");
        gold("height", "", "" + inches, "in");
      }
      default -> {
        say("Patient stands 5 feet 7 inches tall.");
        gold("height", "", "5 ft 7 in", "ft in");
      }
    }
  }

  private void lab() {
    switch (random.nextInt(8)) {
      case 0 -> {
        String potassium = tenths(3, 6);
        int sodium = between(124, 149);
        say("Chemistry with sodium " + sodium + " and potassium " + potassium + ".");
        gold("lab", "sodium", "" + sodium, "");
        gold("lab", "potassium", potassium, "");
      }
      case 1 -> {
        String value = tenths(5, 12);
        say("Most recent HbA1c came back at " + value + "%.");
        gold("lab", "hemoglobin_a1c", value, "%");
      }
      case 2 -> {
        String value = tenths(1, 6);
        say("Serum creatinine " + value + " mg/dL (0.6-1.2).");
        gold("lab", "creatinine", value, "mg/dL");
      }
      case 3 -> {
        String value = tenths(4, 21);
        say("WBC " + value + " K/uL, Hgb " + tenths(7, 7) + " g/dL.");
        gold("lab", "white_cells", value, "K/uL");
        gold("lab", "hemoglobin", "7.0", "g/dL");
      }
      case 4 -> {
        say("Troponin I < 0.04 ng/mL.");
        gold("lab", "troponin", "0.04", "ng/mL");
      }
      case 5 -> {
        int value = between(60, 400);
        say("Fingerstick glucose was " + value + ".");
        gold("lab", "glucose", "" + value, "");
      }
      case 6 -> {
        String value = tenths(1, 4);
        say("INR of " + value + " today.");
        gold("lab", "inr", value, "");
      }
      default -> {
        int value = between(40, 900);
        say("Ceruloplasmin was " + value + " mg/L.");
        gold("lab", "ceruloplasmin", "" + value, "mg/L");
      }
    }
  }

  private void table() {
    int sodium = between(128, 148);
    String calcium = tenths(8, 10);
    int platelets = between(90, 420);
    switch (random.nextInt(3)) {
      case 0 ->
          say(
              "\nSodium | "
                  + sodium
                  + " | mmol/L | 136-145\nCalcium | "
                  + calcium
                  + " | mg/dL | 8.5-10.2\nPlatelets | "
                  + platelets
                  + " | K/uL | 150-400\n");
      case 1 ->
          say(
              "\nSodium\t"
                  + sodium
                  + "\tmmol/L\t136-145\nCalcium\t"
                  + calcium
                  + "\tmg/dL\t8.5-10.2\nPlatelets\t"
                  + platelets
                  + "\tK/uL\t150-400\n");
      default ->
          say(
              "\nSodium: "
                  + sodium
                  + " mmol/L (136 - 145)\nCalcium: "
                  + calcium
                  + " mg/dL [8.5-10.2]\nPlatelets: "
                  + platelets
                  + " K/uL (ref 150-400)\n");
    }
    gold("lab", "sodium", "" + sodium, "mmol/L");
    gold("lab", "calcium", calcium, "mg/dL");
    gold("lab", "platelets", "" + platelets, "K/uL");
  }

  private void vitals() {
    String t = tenths(97, 101);
    int pulse = between(52, 130);
    int breaths = between(11, 30);
    String pressure = between(95, 190) + "/" + between(50, 90);
    int oxygen = between(88, 100);
    switch (random.nextInt(3)) {
      case 0 ->
          say(
              "VITALS: T "
                  + t
                  + ", P "
                  + pulse
                  + ", R "
                  + breaths
                  + ", BP "
                  + pressure
                  + ", O2 "
                  + oxygen
                  + "% RA.");
      case 1 ->
          say(
              "Vital signs: BP "
                  + pressure
                  + " | Pulse "
                  + pulse
                  + " | Temp "
                  + t
                  + " | Resp "
                  + breaths
                  + " | SpO2 "
                  + oxygen
                  + "%.");
      default ->
          say(
              "VS "
                  + t
                  + ", "
                  + pressure
                  + ", "
                  + pulse
                  + ", "
                  + breaths
                  + ", "
                  + oxygen
                  + "% on RA.");
    }
    gold("temperature", "", t, "");
    gold("heart_rate", "", "" + pulse, "");
    gold("respiratory_rate", "", "" + breaths, "");
    gold("blood_pressure", "", pressure, "");
    gold("oxygen_saturation", "", "" + oxygen, "%");
  }

  private void dose() {
    String drug = pick(SyntheticPhrases.DRUGS);
    String amount = pick("5", "12.5", "20", "40", "100", "500", "1,000");
    String value = amount.replace(",", "");
    String often = pick(SyntheticPhrases.OFTEN);
    switch (random.nextInt(6)) {
      case 0 -> say("Start " + drug + " " + amount + " mg " + often + ".");
      case 1 -> say("Takes " + drug + " " + amount + "mg PO " + often + ".");
      case 2 -> say("We gave " + amount + " mg of " + drug.toLowerCase(Locale.ROOT) + " IV once.");
      case 3 -> say("- " + drug + " " + amount + " mg tablet by mouth " + often + "\n");
      case 4 -> say(drug + " was increased to " + amount + " mg " + often + ".");
      default -> {
        drug = "albuterol";
        say("Inhales albuterol 2 puffs every 4 hours as needed.");
        gold("dose", drug, "2", "puffs");
        return;
      }
    }
    gold("dose", drug.toLowerCase(Locale.ROOT), value, "mg");
  }
}
