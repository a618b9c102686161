package dev.galen.examples.clinical.structure.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Makes pairs of reports that say the same in other words, with differences planted or not. */
final class SyntheticPairs {
  /**
   * Two reports.
   *
   * @param planted a word of each difference, as {@code what}, {@code left} or {@code right} has it
   */
  record Pair(String left, String right, List<String> planted) {}

  /** A fact in two wordings, and one that differs, with a word by which it is known. */
  private record Fact(String one, String same, String other, String known) {}

  private final Random random;

  private SyntheticPairs(long seed) {
    random = new Random(seed);
  }

  /** The pair of a seed with at most {@code plants} differences. */
  static Pair of(long seed, int plants) {
    return new SyntheticPairs(seed).pair(plants);
  }

  private int between(int least, int greatest) {
    return least + random.nextInt(greatest - least + 1);
  }

  private static String tenths(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private Pair pair(int plants) {
    List<Fact> history = shuffled(history());
    List<Fact> exam = shuffled(exam());
    List<Fact> plan = shuffled(plan());
    List<String> planted = new ArrayList<>();
    String[] sections = {"HPI", "EXAM", "PLAN"};
    String[] others = {"History of Present Illness:", "PHYSICAL EXAMINATION", "Plan:"};
    var left = new StringBuilder();
    var right = new StringBuilder();
    int left0 = plants;
    boolean withAllergies = random.nextBoolean();
    int section = 0;
    for (List<Fact> facts : List.of(history, exam, plan)) {
      left.append(sections[section]).append("\n\n");
      right.append(others[section++]).append("\n\n");
      List<String> sentences = new ArrayList<>();
      for (Fact fact : facts) {
        left.append(fact.one()).append(' ');
        boolean plant = left0 > 0 && random.nextInt(4) == 0;
        if (plant) {
          left0--;
          planted.add(fact.known());
        }
        sentences.add(plant ? fact.other() : fact.same());
      }
      Collections.shuffle(sentences, random);
      right.append(String.join(" ", sentences));
      left.append("\n\n");
      right.append("\n\n");
    }
    if (withAllergies) {
      left.append("ALLERGIES\n\nNone known.\n");
      if (left0 > 0) {
        planted.add("allergies");
      } else {
        right.append("Allergies:\n\nNone known.\n");
      }
    }
    return new Pair(left.toString(), right.toString(), planted);
  }

  private List<Fact> shuffled(List<Fact> facts) {
    List<Fact> some = new ArrayList<>(facts);
    Collections.shuffle(some, random);
    return some.subList(0, Math.min(some.size(), between(3, 5)));
  }

  private List<Fact> history() {
    int age = between(31, 88);
    String side = random.nextBoolean() ? "left" : "right";
    String turned = side.equals("left") ? "right" : "left";
    int days = between(3, 9);
    return List.of(
        new Fact(
            "This is a " + age + "-year-old woman.",
            "Patient is " + age + " years old.",
            "Patient is " + (age + 3) + " years old.",
            "" + age),
        new Fact(
            "She has shortness of breath.",
            "She complains of dyspnea.",
            "She denies dyspnea.",
            "dyspnea"),
        new Fact("No chest pain.", "Chest pain is denied.", "There is chest pain.", "chest_pain"),
        new Fact(
            "There is pain in the " + side + " knee.",
            "Her " + side + " knee hurts.",
            "Her " + turned + " knee hurts.",
            "knee"),
        new Fact(
            "Symptoms began " + days + " days ago with fever.",
            "Fever and symptoms for " + days + " days.",
            "Fever and symptoms for " + (days + 4) + " days.",
            "" + days),
        new Fact(
            "Known hypertension.",
            "High blood pressure is known.",
            "Nothing else is known.",
            "hypertension"),
        new Fact(
            "Reports nausea and vomiting.",
            "Nausea with emesis is reported.",
            "Nausea is reported.",
            "vomiting"));
  }

  private List<Fact> exam() {
    int high = between(110, 180);
    int low = between(60, 90);
    int pulse = between(58, 120);
    int fahrenheit = between(980, 1020);
    double celsius = (fahrenheit / 10.0 - 32) / 1.8;
    int glucose = between(80, 300);
    int pounds = between(110, 280);
    int size = between(4, 19);
    return List.of(
        new Fact(
            "BP " + high + "/" + low + ".",
            "Blood pressure was " + high + " over " + low + ".",
            "Blood pressure was " + (high + 20) + " over " + low + ".",
            "blood_pressure"),
        new Fact(
            "HR: " + pulse + ".",
            "Pulse " + pulse + " bpm.",
            "Pulse " + (pulse + 15) + " bpm.",
            "heart_rate"),
        new Fact(
            "Temperature " + tenths(fahrenheit / 10.0) + " F.",
            "T " + tenths(celsius) + " °C.",
            "T " + tenths(celsius + 1.5) + " °C.",
            "temperature"),
        new Fact(
            "Glucose " + glucose + " mg/dL.",
            "Blood sugar of " + tenths(glucose / 18.0156) + " mmol/L.",
            "Blood sugar of " + tenths(glucose / 18.0156 + 3) + " mmol/L.",
            "glucose"),
        new Fact(
            "Weight " + pounds + " lb.",
            "She weighs " + tenths(pounds * 0.45359237) + " kg.",
            "She weighs " + tenths(pounds * 0.45359237 + 9) + " kg.",
            "weight"),
        new Fact(
            "A " + size + " mm nodule is seen.",
            "Nodule measuring " + tenths(size / 10.0) + " cm.",
            "Nodule measuring " + tenths(size / 10.0 + 1) + " cm.",
            size + " mm"),
        new Fact("Lungs without wheezes.", "No wheezing.", "Wheezing is heard.", "wheezing"),
        new Fact("Pneumonia is possible.", "Possible pneumonia.", "No pneumonia.", "pneumonia"));
  }

  private List<Fact> plan() {
    int dose = 10 * between(1, 8);
    return List.of(
        new Fact(
            "Continue lisinopril " + dose + " mg daily.",
            "Zestril " + dose + " mg once a day to go on.",
            "Zestril " + 2 * dose + " mg once a day to go on.",
            "lisinopril"),
        new Fact(
            "Metformin 1000 mg BID.",
            "Metformin 1 g twice daily.",
            "Metformin 1 g three times a day.",
            "metformin"),
        new Fact(
            "Start furosemide 40 mg PO daily.",
            "Begin Lasix 40 mg by mouth every day.",
            "Begin Lasix 80 mg by mouth every day.",
            "furosemide"),
        new Fact(
            "Recheck creatinine, last 1.4 mg/dL.",
            "Creatinine was 1.4, to be repeated.",
            "Creatinine was 2.4, to be repeated.",
            "creatinine"));
  }
}
