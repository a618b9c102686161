package dev.galen.examples.clinical.deid;

import java.util.List;
import java.util.Set;

/** Small closed lists of words that rules ask for, and endings that tell what a word is. */
final class Words {
  private static final Set<String> TITLES =
      set(
          """
          mr mrs ms miss mx dr drs doctor prof professor sir dame rev reverend hon capt
          captain lt sgt sergeant col rabbi imam herr frau monsieur madame señor señora
          senor senora nurse sister brother father pastor judge officer mister attending
          surgeon aunt uncle grandma grandpa therapist coach sra sr interpreter chaplain pharmacist paramedic midwife
          dietitian hospitalist translator caseworker
          """);

  private static final Set<String> ABBREVIATIONS =
      set(
          """
          mr mrs ms dr drs prof rev st jr sr hon capt lt sgt col vs e.g eg approx no apt
          ste ave blvd rd pt fr mt ft al ext tel ref cf ca resp incl
          """);

  private static final Set<String> PARTICLES =
      set(
          """
          van von de der den ten ter da dos das do del della di du la le el al bin bint
          ibn ben zu af av y e san st abu mac mc z ze
          """);

  private static final Set<String> SUFFIXES = Set.of("jr", "sr", "ii", "iii", "iv", "esq");

  /** What follows a name in a clinical term. */
  private static final Set<String> HEADS =
      set(
          """
          disease diseases syndrome syndromes sign signs test tests testing score scores scale scales index
          indices criteria criterion classification classifications class grade grades grading stage stages
          staging system procedure procedures operation operations repair technique techniques method methods
          approach incision maneuver manoeuvre maneuvers position catheter catheters tube tubes drain drains
          clamp forceps retractor splint brace cast collar needle stent valve pump monitor lymphoma sarcoma
          tumor tumors tumour tumours carcinoma cancer cell cells body bodies node nodes nodule nodules
          fracture fractures deformity contracture palsy paralysis phenomenon reaction reflex reflexes murmur
          line lines triad law rule point angle space fossa canal duct ducts gland glands ligament muscle nerve
          plexus ganglion esophagus oesophagus ulcer ulcers hernia cyst cysts spots spot nodes rash fever
          virus viruses infection disorder dementia chorea ataxia dystrophy anemia anaemia thyroiditis
          arthritis arteritis nephritis purpura macroglobulinemia granulomatosis gangrene hematoma
          questionnaire inventory interview assessment checklist instrument survey study studies trial trials
          model models equation formula correction analysis curve curves plot plots estimate estimates
          statistic statistics coefficient coefficients correlation correlations regression distribution
          process processes chain chains theorem factor factors stain staining medium agar culture solution
          ringer suture knot flap graft bypass anastomosis pouch resection gastrectomy
          fundoplication hemicolectomy pancreaticoduodenectomy diet regimen protocol program programme guidelines
          guideline consensus respiration respirations breathing breath pulse hemorrhage aneurysm malformation
          anomaly tetralogy circle artery vein membrane layer zone area loop capsule crypts patches plaque plaques
          crest tubercle tremor lines bands rings ring web ear eye foot toe knee elbow hip finger thumb head
          neuroma lesion lesions dots melanosis lens chart acuity spine fusion osteotomy nail pin wire plate rod
          screw prosthesis replacement arthroplasty exercise exercises stockings bandage boot shoe bag mask
          airway laryngoscope blade scope endoscopy ultrasound sonography dressing paste ointment pad smear
          smears testing vaccine vaccines tick mesh device devices button pessary ring contractions hicks
          thyroid cirrhosis palsy's facies gait crisis stroke storm coma encephalopathy neuropathy myopathy
          """);

  /** What a person does or is, right behind the name. */
  private static final Set<String> PERSON_VERBS =
      set(
          """
          says said lives lived denies denied reports reported states stated complains complained presents
          presented began spent listed visited told asked called works worked likes liked wants wanted
          returned arrived tolerates tolerated takes took underwent understands agrees agreed lives smokes
          smoked drinks married died speaks spoke feels felt went goes came thinks thought knows knew
          needs expressed verbalized appears looks wrote plays played got gets
          """);

  /** Words before a place. */
  private static final Set<String> PLACE_BEFORE =
      set(
          """
          in from near to at visiting visited visit leaving outside toward towards
          around through via into of between southern northern eastern western central
          downtown greater city home
          """);

  private static final String[] ENGLISH =
      """
      tion sion ment ness ity ing ings ed ly ous ious ic ical ics al ial ive ively able ible ance ence ancy ency
      ology ologist ologists itis osis oses emia aemia uria opathy opathies ectomy ectomies otomy ostomy plasty
      scopy scopic scope graphy graphic gram grams metry meter meters oma omas omata philia penia trophy plegia
      paresis algia rrhea rrhage rrhagia lysis genesis genic pathy phobia mania tropic tropin kinesis esthesia
      ated ates ating ized ised izing ising izes ize ise ify ifies less ful fully wards ship hood ism isms ist ists
      istic tions sions ments ities ous ants ents aries ories ures ture tures cycle therapy therapies logical
      """
          .strip()
          .split("\\s+");

  private static final String[] DRUGS =
      """
      olol pril sartan statin mab nib cillin mycin micin azole idine oxacin cycline dipine zepam zolam setron
      triptan tidine prazole parin gliptin gliflozin glutide formin thiazide semide azine mine done caine barbital
      lukast terol sone olone onide vir mvir fungin dronate platin rubicin taxel vudine amide oxetine pramine
      tyline apine peridone piprazole gabalin racetam profen oxib xaban gatran grel ase kinase toxin feron relin
      """
          .strip()
          .split("\\s+");

  private static final String[] GENERA =
      """
      bacter bacterium coccus cocci monella igella siella onella rucella otella urella detella axella icella ubella
      lorella kingella cisella kenella nerella ganella coxiella chinella yella tyella monas myces bacillus virus viridae plasma spira phila phyton sporium nema
      stoma soma amoeba zoa ceae aceae idae genes phaga vibrio
      """
          .strip()
          .split("\\s+");

  /** Endings of family names and places that few English words have. */
  private static final String[] NAMES =
      """
      sson ssen dottir sdóttir nsen rsen lsen ksen tsen ová ova eva ević ovič evič ovic evic ović vich owski owska
      ewski ewska inski inska nski ska wicz enko chuk shvili adze yan idis iadis opoulos akis oğlu oglu escu eanu
      aitis auskas unas mann stein berg feld bach baum burg strom ström qvist kvist lund gren holm stad vik dal nes
      heim hausen hofer dorf kirchen bruck ville court ard eau eaux elli etti ini ucci ezzi acci iello ez guez
      son ton ham ley ford ingham worth shire borough bury wick ster land wood field stone brook moor mouth minster
      by thorpe nen maa mäki niemi joki järvi saari mura moto kawa yama naka shita gawa wala singh deep jeet uddin
      ullah zadeh pour
      """
          .strip()
          .split("\\s+");

  private Words() {}

  static Set<String> set(String list) {
    return Set.copyOf(List.of(list.strip().split("\\s+")));
  }

  static boolean title(String word) {
    return TITLES.contains(word);
  }

  /** A title in its short form: it may have a dot, and what follows is a name. */
  static boolean briefTitle(String word) {
    return switch (word) {
      case "mr",
          "mrs",
          "ms",
          "miss",
          "mx",
          "dr",
          "drs",
          "prof",
          "rev",
          "hon",
          "capt",
          "lt",
          "sgt",
          "col",
          "sra",
          "mister" ->
          true;
      default -> false;
    };
  }

  static boolean abbreviation(String word) {
    return ABBREVIATIONS.contains(word);
  }

  static boolean particle(String word) {
    return PARTICLES.contains(word);
  }

  static boolean suffix(String word) {
    return SUFFIXES.contains(word);
  }

  static boolean clinicalHead(String word) {
    return HEADS.contains(word);
  }

  static boolean personVerb(String word) {
    return PERSON_VERBS.contains(word);
  }

  static boolean beforePlace(String word) {
    return PLACE_BEFORE.contains(word);
  }

  /** Whether the word's ending is one of English or clinical words. */
  static boolean english(String word) {
    return word.length() > 4 && ends(word, ENGLISH);
  }

  static boolean drug(String word) {
    return word.length() > 5 && ends(word, DRUGS);
  }

  /** Whether it looks like the name of a family of bacteria or animals. */
  static boolean genus(String word) {
    return word.length() > 5 && ends(word, GENERA);
  }

  /** Whether it looks like the name of a person or place. */
  static boolean nameLike(String word) {
    return word.length() > 4 && ends(word, NAMES);
  }

  private static boolean ends(String word, String[] endings) {
    for (String ending : endings) {
      if (word.length() > ending.length() + 1 && word.endsWith(ending)) {
        return true;
      }
    }
    return false;
  }
}
