package dev.galen.examples.clinical.trust;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which words name a drug, a condition or a procedure, told by a list of common names and by the
 * endings that such names have; and which words stand for the same.
 */
final class Terms {
  private static final Set<String> DRUGS = list("drugs.txt");

  /** Words that end like a drug or condition and are none. */
  private static final Set<String> PLAIN =
      Set.of(
          "diagnosis",
          "prognosis",
          "hypothesis",
          "emphasis",
          "academia",
          "media",
          "criteria",
          "bacteria",
          "area",
          "therapy",
          "biopsy",
          "sympathy",
          "empathy",
          "telepathy",
          "osmosis",
          "mitosis",
          "meiosis",
          "anastomosis",
          "coma",
          "aroma",
          "diploma",
          "trauma",
          "genoma",
          "metamorphosis",
          "symbiosis",
          "homeopathy",
          "apoptosis",
          "telescopy",
          "microscopy",
          "spectroscopy",
          "topic",
          "placebo",
          "april",
          "capital",
          "telehealth",
          "medline");

  private static final Pattern DRUG =
      Pattern.compile(
          "\\p{L}{2,}(?:pril|sartan|olol|vastatin|cillin|mycin|micin|floxacin|cycline|conazole|"
              + "prazole|tidine|zumab|ximab|tuzumab|mumab|lizumab|tinib|gliptin|gliflozin|glitazone|"
              + "caine|setron|triptan|parin|xaban|oxetine|azepam|azolam|barbital|semide|thiazide|"
              + "dipine|terol|tropium|sone|solone|vudine|navir|tegravir|ciclib|platin|rubicin|taxel|"
              + "bactam|penem|zolamide|dronate|fibrate|curium|fentanil|profen)");

  private static final Pattern CONDITION =
      Pattern.compile(
          "\\p{L}{2,}(?:itis|emia|osis|oma|omas|opathy|pathies|megaly|plegia|paresis|algia|uria|"
              + "penia|ectasis|rrhea|rrhage|sclerosis|stenosis|trophy|phagia|pnea|cardia|tension|"
              + "thorax|edema|ectomy|plasty|scopy|ostomy|otomy|cele|lithiasis|philia|oxia|monia|"
              + "(?:cardio|mammo|angio|encephalo|myelo|veno|uro|arthro)gram)s?");

  /** Conditions that no ending tells. */
  private static final Set<String> CONDITIONS =
      Set.of(
          "diabetes",
          "asthma",
          "cancer",
          "stroke",
          "seizure",
          "seizures",
          "epilepsy",
          "fracture",
          "fractures",
          "infection",
          "sepsis",
          "migraine",
          "obesity",
          "fibrillation",
          "infarction",
          "embolism",
          "ulcer",
          "ulcers",
          "hernia",
          "gout",
          "lupus",
          "psoriasis",
          "eczema",
          "depression",
          "schizophrenia",
          "dementia",
          "tuberculosis",
          "influenza",
          "malaria",
          "hiv",
          "jaundice",
          "vertigo",
          "syncope",
          "rash",
          "fever",
          "cough",
          "nausea",
          "vomiting",
          "diarrhea",
          "constipation",
          "headache",
          "dizziness",
          "fatigue",
          "palpitations",
          "hypothyroidism",
          "hyperthyroidism",
          "emphysema",
          "effusion",
          "ascites",
          "shock",
          "copd");

  /** Endings of nouns and of their adjectives, which say the same. */
  private static final List<List<String>> FAMILIES =
      List.of(
          List.of("tensive", "tension"),
          List.of("emic", "emia"),
          List.of("betic", "betics", "betes"),
          List.of("otic", "osis"),
          List.of("itic", "itis"),
          List.of("pathic", "pathies", "pathy"),
          List.of("plegic", "plegia"),
          List.of("leptic", "lepsy"),
          List.of("matic", "ma"),
          List.of("penic", "penia"),
          List.of("noses", "nosis"),
          List.of("cardic", "cardia"),
          List.of("omata", "omas", "oma"));

  private static final Map<String, Set<String>> SHORT = new HashMap<>();

  static {
    same("htn", "hypertension");
    same("dm", "diabetes", "diabetes mellitus");
    same("copd", "chronic obstructive pulmonary disease");
    same("mi", "myocardial infarction", "heart attack", "infarction");
    same("cad", "coronary artery disease");
    same("chf", "congestive heart failure", "heart failure");
    same("afib", "atrial fibrillation", "fibrillation", "af");
    same("cva", "stroke", "cerebrovascular accident");
    same("tia", "transient ischemic attack");
    same("dvt", "deep vein thrombosis", "thrombosis");
    same("pe", "pulmonary embolism", "embolism");
    same("uti", "urinary tract infection");
    same("uri", "upper respiratory infection");
    same("gerd", "gastroesophageal reflux disease", "reflux");
    same("ckd", "chronic kidney disease");
    same("esrd", "end-stage renal disease");
    same("tb", "tuberculosis");
    same("sob", "shortness of breath", "dyspnea");
    same("dyspnea", "shortness of breath", "short of breath", "trouble breathing");
    same("ra", "rheumatoid arthritis", "arthritis");
    same("ms", "multiple sclerosis", "sclerosis");
    same("bp", "blood pressure");
    same("hr", "heart rate", "pulse");
    same("ecg", "ekg", "electrocardiogram");
    same("mri", "magnetic resonance imaging", "magnetic resonance");
    same("ct", "computed tomography", "cat scan");
    same("cbc", "complete blood count", "blood count");
    same("icu", "intensive care unit", "intensive care");
    same("er", "ed", "emergency room", "emergency department");
    same("hypertension", "high blood pressure", "elevated blood pressure");
    same("hypotension", "low blood pressure");
    same("tachycardia", "fast heart rate", "rapid heart rate");
    same("bradycardia", "slow heart rate");
    same("hyperlipidemia", "high cholesterol", "hld", "elevated cholesterol");
    same("hypercholesterolemia", "high cholesterol", "elevated cholesterol");
    same("etoh", "alcohol", "ethanol", "drinking", "drinks");
    same("nephrolithiasis", "kidney stones", "kidney stone", "renal stone");
    same("cholelithiasis", "gallstones", "gall stones", "gallstone");
    same("hyperglycemia", "high blood sugar", "high sugar");
    same("hypoglycemia", "low blood sugar", "low sugar");
    same("otalgia", "earache", "ear pain");
    same("epistaxis", "nosebleed", "nose bleed");
    same("dysuria", "painful urination", "burning with urination", "pain with urination");
    same("appendectomy", "appendicectomy", "appendix removed", "appendix out", "appendix taken");
    same("cholecystectomy", "gallbladder removed", "gallbladder out", "gall bladder");
    same("tonsillectomy", "tonsils removed", "tonsils out");
    same("hysterectomy", "uterus removed");
    same("constipation", "constipated");
    same("anxiety", "anxious");
    same("depression", "depressed");
    same("cyanosis", "bluish", "turned blue");
    same("syncope", "fainted", "fainting", "passed out");
    same("fever", "febrile", "pyrexia", "high temperature");
    same("hematuria", "blood in the urine", "blood in urine");
    same("edema", "swelling", "swollen");
    same("acetaminophen", "paracetamol", "tylenol");
    same("ibuprofen", "advil", "motrin");
    same("aspirin", "asa", "acetylsalicylic acid");
    same("epinephrine", "adrenaline");
    same("albuterol", "salbutamol");
    same("diarrhea", "loose stools", "diarrhoea");
    same("headache", "cephalgia", "head pain");
    same("vomiting", "emesis", "throwing up", "threw up");
    same("pruritus", "itching", "itchy");
  }

  private Terms() {}

  private static void same(String... names) {
    Set<String> all = Set.of(names);
    for (String name : names) {
      SHORT.computeIfAbsent(name, n -> new HashSet<>()).addAll(all);
    }
  }

  private static Set<String> list(String name) {
    var all = new HashSet<String>();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(Terms.class.getResourceAsStream(name), StandardCharsets.UTF_8))) {
      lines.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(all::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Set.copyOf(all);
  }

  /** Whether a word in lower case names a drug, by the list or by its ending. */
  static boolean isDrug(String word) {
    return DRUGS.contains(word) || !PLAIN.contains(word) && DRUG.matcher(word).matches();
  }

  /** Whether a word in lower case names a condition or procedure. */
  static boolean isCondition(String word) {
    return CONDITIONS.contains(word) || !PLAIN.contains(word) && CONDITION.matcher(word).matches();
  }

  /** What stands for the same as a word or phrase in lower case. */
  static Set<String> synonyms(String name) {
    return SHORT.getOrDefault(name, Set.of());
  }

  /** A word as it is compared: spelt as in America, singular, a noun for its adjective. */
  static String base(String word) {
    String base = word.toLowerCase(Locale.ROOT).replace("ae", "e").replace("oe", "e");
    base = base.replaceAll("'s?$|’s?$", "");
    if (base.endsWith("ies") && base.length() > 5) {
      base = base.substring(0, base.length() - 3) + "y";
    } else if (base.length() > 4 && base.endsWith("s") && !base.matches(".*(?:ss|is|us|tes)$")) {
      base = base.substring(0, base.length() - 1);
    }
    for (List<String> family : FAMILIES) {
      for (String ending : family) {
        if (base.endsWith(ending)) {
          return base.substring(0, base.length() - ending.length()) + family.getLast();
        }
      }
    }
    return base;
  }
}
