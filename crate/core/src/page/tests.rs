use super::case::{Sum, kinds_warn};
use super::reasons::MOST_REASONS;
use super::structure::hosts_in;
use super::*;
use crate::fusion::Numbers;
use crate::{CueKind, Field, Owner};
use proptest::prelude::*;
use std::sync::LazyLock;

/// Built once: the properties ask for it hundreds of times.
fn engine() -> &'static Engine {
    static ENGINE: LazyLock<Engine> = LazyLock::new(build);
    &ENGINE
}

fn build() -> Engine {
    Engine::new(crate::parse_address)
}

fn page(engine: &Engine, url: &str, text: &str) -> Verdict {
    engine.judge_page(
        url,
        &PageFacts {
            text: text.to_owned(),
            ..PageFacts::default()
        },
    )
}

fn codes(verdict: &Verdict) -> Vec<&str> {
    verdict
        .reasons
        .iter()
        .map(|reason| reason.code.as_ref())
        .collect()
}

#[test]
fn warns_of_the_mail_the_refund_page_and_the_chat() {
    let engine = engine();
    for (text, code) in [
        (
            "Thank you for choosing Amazon Prime. Your annual membership will renew automatically today and £139.99 will be charged.\nIf you did not authorise this renewal, call our cancellation department at once on 0808 157 0142.\nAmazon Billing Support Team",
            "call_number",
        ),
        (
            "Your Amazon refund of £349.00 is waiting\nInstall AnyDesk and tell your Amazon refund agent the 9 digit code on your screen. Then log in to your bank so that the agent can send the refund.",
            "remote_install",
        ),
        (
            "Hello, this is Daniel from Amazon support.\nI need access to your computer to fix a security flaw.\nPlease install TeamViewer and tell me the numbers on your screen.",
            "remote_access",
        ),
    ] {
        let verdict = page(engine, "https://mail.example.org/", text);
        assert_eq!(verdict.level, Level::Caution, "{verdict:?}");
        assert!(codes(&verdict).contains(&code), "{verdict:?}");
        assert!(verdict.reasons.len() <= MOST_REASONS);
    }
}

#[test]
fn stays_quiet_where_people_talk_about_it() {
    let engine = engine();
    for text in [
        "The voice said he was from Amazon. Her Prime subscription was about to renew at £79.99; she should press 1 to cancel.\n\u{201c}He said: I need access to your computer, please install AnyDesk and tell me the code on your screen,\u{201d} she recalled.\nPolice say that hundreds of people were tricked. The fraudster had told her to log on to her bank. Victims can report such calls to Report Fraud.",
        "Amazon will never ask you to install AnyDesk or TeamViewer. Never let a caller connect to your computer. If someone asks, hang up.",
        "Questions? Call us on 020 7946 0127. Changed your mind? Send it back within 30 days and we refund the card you paid with.",
        "TeamViewer is already set up on the new laptops, so if the till plays up I will have a look from home.",
    ] {
        let verdict = page(engine, "https://news.example.org/", text);
        assert_eq!(verdict.level, Level::Quiet, "{verdict:?}");
    }
}

#[test]
fn listens_to_who_is_in_the_middle_of_it() {
    let engine = engine();
    for text in [
        "he says I must install teamviewer to cancel my amazon prime",
        "amazon called me about prime anydesk is it real",
    ] {
        let verdict = engine.judge_typed("https://www.example.org/", text);
        assert_eq!(verdict.level, Level::Caution, "{text}: {verdict:?}");
        assert!(verdict.reasons.iter().all(|reason| reason.words.is_empty()));
    }
    for text in [
        "",
        "amazon kettle",
        "install teamviewer on linux",
        "see you at five",
    ] {
        let verdict = engine.judge_typed("https://www.example.org/", text);
        assert_eq!(verdict.level, Level::Quiet, "{text}: {verdict:?}");
    }
}

#[test]
fn a_tools_own_page_is_a_notice_and_amazon_may_speak_as_amazon() {
    let engine = engine();
    let tool = page(engine, "https://anydesk.com/en/downloads", "Download now");
    assert_eq!(tool.level, Level::Notice);
    assert_eq!(codes(&tool), ["remote_tool_page"]);
    let amazon = page(
        engine,
        "https://www.amazon.de/",
        "Your Amazon account is on hold. Verify your account within 24 hours.",
    );
    assert_eq!((amazon.level, amazon.owner), (Level::Quiet, Owner::Amazon));
    let mail = PageFacts {
        from: "Amazon.co.uk <payments-update@amazon.co.uk>".to_owned(),
        text: "Your Amazon Prime membership is on hold: your payment failed. Update your payment information within 5 days or your membership will be cancelled.".to_owned(),
        ..PageFacts::default()
    };
    assert_eq!(
        engine.judge_page("https://mail.example.org/", &mail).level,
        Level::Quiet
    );
    let forged = PageFacts {
        from: "Amazon <payments@prime-desk.example>".to_owned(),
        ..mail
    };
    let verdict = engine.judge_page("https://mail.example.org/", &forged);
    assert_eq!(verdict.level, Level::Caution, "{verdict:?}");
    assert!(codes(&verdict).contains(&"brand_sender"));
}

#[test]
fn who_has_prime_in_a_name_does_not_pose_as_amazon() {
    let engine = engine();
    let codes_of = |from: &str| {
        let mail = PageFacts {
            from: from.to_owned(),
            text: "Your membership was charged £79.00. Call 0800 123 4567.".to_owned(),
            ..PageFacts::default()
        };
        let verdict = engine.judge_page("https://mail.example.org/", &mail);
        codes(&verdict).contains(&"brand_sender")
    };
    for from in [
        "Prime <no-reply@mail.example>",
        "Prime Membership <no-reply@mail.example>",
        "Prime-NL",
        "Desk <payments@prime-support.example>",
    ] {
        assert!(codes_of(from), "{from}");
    }
    for from in [
        "Prime Minister's Office <correspondence@cabinet.example>",
        "Carnes Prime <pedidos@carnes.example>",
        "Prime Fitness <billing@gym.example>",
        "AMAZONE Ersatzteile <teile@landmaschinen.example>",
    ] {
        assert!(!codes_of(from), "{from}");
    }
}

#[test]
fn a_carriers_address_in_its_message_is_no_strangers() {
    let engine = engine();
    let codes_of = |host: &str| {
        let text = format!("Your Amazon parcel arrives today. Track it at {host}/track");
        let verdict = engine.judge_page(
            "",
            &PageFacts {
                text,
                ..PageFacts::default()
            },
        );
        codes(&verdict).contains(&"address_elsewhere")
    };
    assert!(!codes_of("evri.com"));
    assert!(codes_of("evri-track.com"));
}

#[test]
fn a_refund_of_too_much_in_secret_is_warned_of() {
    let text = "Oh no, you typed 4000 instead of 400, I will lose my job. You must send the \
                difference back. Do not say anything to the bank.";
    let verdict = page(engine(), "", text);
    assert_eq!(verdict.level, Level::Caution, "{verdict:?}");
}

#[test]
fn words_stand_where_it_says() {
    let engine = engine();
    let text = "😀😀 Your Am\u{430}z\u{200b}on account  has been charged £499. Press 1 to cancel.";
    let verdict = page(engine, "", text);
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut places = 0;
    for words in verdict.reasons.iter().flat_map(|reason| &reason.words) {
        let there = &units[words.start as usize..words.end as usize];
        assert_eq!(String::from_utf16_lossy(there), words.text);
        places += 1;
    }
    assert!(places >= 3, "{verdict:?}");
}

#[test]
fn a_hosts_place_is_that_of_its_name() {
    let text = "go to amazon-help.example.com. or ..a.example- now, not to 3.14 or end.";
    let found: Vec<_> = hosts_in(text).collect();
    let names: Vec<_> = found.iter().map(|(host, _)| *host).collect();
    assert_eq!(names, ["amazon-help.example.com", "a.example"]);
    for (host, place) in found {
        assert_eq!(&text[place], host);
    }
}

#[test]
fn two_kinds_before_red() {
    let engine = engine();
    let loud = "Press 1. Press 2 now. Press 3. Please press one. Press two. ".repeat(20);
    assert_eq!(page(engine, "", &loud).level, Level::Quiet);
    let loud = "This is Tom calling from Amazon. Your Amazon account. Amazon customer support. "
        .repeat(20);
    assert_eq!(page(engine, "", &loud).level, Level::Quiet);
}

#[test]
fn the_manner_is_a_second_kind_beside_a_name_alone() {
    let engine = engine();
    for text in [
        "hello this is the amazon department madam kindly confirm which bank you are having so we can release it to you today itself",
        "Amazon desk: kindly reply with the last 6 of your social to release the hold. Agent Roy",
    ] {
        let verdict = page(engine, "", text);
        assert_eq!(verdict.level, Level::Caution, "{verdict:?}");
        assert_eq!(codes(&verdict), ["brand_claim", "learned_text"]);
        let nameless = text.replace("amazon", "postal").replace("Amazon", "Postal");
        assert_eq!(page(engine, "", &nameless).level, Level::Quiet);
    }
    use CueKind as K;
    for (kinds, is_talk, is_apart, warns) in [
        (&[K::Brand, K::Learned][..], false, true, true),
        (&[K::Structure, K::Learned], false, true, true),
        (&[K::Brand, K::Learned], false, false, false),
        (&[K::Brand], false, true, false),
        (&[K::Learned], false, true, false),
        (&[K::Remote, K::Learned], false, true, false),
        (&[K::Charge, K::Learned], false, true, false),
        (&[K::Brand, K::Charge], false, false, true),
        // In a conversation it is one beside any evidence that is a theme there.
        (&[K::Brand, K::Learned], true, true, true),
        (&[K::Brand, K::Learned], true, false, false),
        (&[K::Remote, K::Learned], true, true, true),
        (&[K::Remote, K::Learned], true, false, false),
        (&[K::Remote], true, true, false),
        (&[K::Bank, K::Learned], true, true, true),
        (&[K::Bank], true, true, false),
        (&[K::Charge, K::Learned], true, true, false),
        (&[K::Learned], true, true, false),
    ] {
        assert_eq!(
            kinds_warn(kinds, false, is_talk, || is_apart),
            warns,
            "{kinds:?} {is_talk} {is_apart}"
        );
    }
}

#[test]
fn the_manner_of_a_conversation_need_not_be_as_sure() {
    let warns = |odds, manner, is_talk| {
        let kinds = [CueKind::Brand];
        let sum = Sum::new(Numbers::default(), &kinds, true, Some(manner), is_talk);
        sum.may_warn(odds, || manner)
    };
    assert!(warns(0.0, 0.5, true));
    assert!(!warns(1.0, 0.4, true));
    assert!(!warns(0.0, 1.1, false));
    assert!(warns(1.0, 1.1, false));
    assert!(!warns(1.0, 1.0, false));
}

#[test]
fn who_leads_in_a_conversation_is_told_by_the_manner() {
    let engine = engine();
    let led = [
        "Daniel: good evening madam this is the support department, your computer is sending errors to our server
            Grace: oh dear, what must I do?
            Daniel: do not worry madam, kindly open AnyDesk and I will fix it for you
            Grace: it is opening
            Daniel: very good madam, now kindly do exactly what I say",
        "Officer Reed: madam your savings are not safe in that bank, kindly open your online banking and log in
            Ruth: now?
            Officer Reed: yes madam, we will move it to a secure place for you
            Ruth: ok I am logged in
            Officer Reed: good, stay with me and follow my instructions",
    ];
    let helped = "Sam: nan can you open AnyDesk, the one on the desktop
            Grace: which one dear
            Sam: the red one, I put it there at christmas
            Grace: it is opening
            Sam: lovely, I will sort the printer and then tell me about the garden";
    for text in led {
        let verdict = page(engine, "", text);
        assert_eq!(verdict.level, Level::Caution, "{verdict:?}");
        let kinds: Vec<_> = verdict.reasons.iter().map(|reason| reason.kind).collect();
        assert_eq!(kinds.len(), 2, "{verdict:?}");
        assert!(kinds.contains(&CueKind::Learned), "{verdict:?}");
    }
    assert_eq!(page(engine, "", helped).level, Level::Quiet);
}

#[test]
fn a_mere_mention_is_no_theme_without_the_manner() {
    let engine = engine();
    let alert = "Lindenbank: 31.20 EUR at AMAZON EU, card 7120. Not you? Call 030 23125 118.";
    assert_eq!(page(engine, "", alert).level, Level::Quiet);
    let claim = alert.replace("Lindenbank", "Amazon");
    assert_eq!(page(engine, "", &claim).level, Level::Caution);
    use CueKind as K;
    let kinds = [K::Brand, K::Charge, K::Call, K::Urgency];
    assert!(!kinds_warn(&kinds, true, false, || true));
    assert!(kinds_warn(&kinds, false, false, || true));
    assert!(kinds_warn(
        &[K::Brand, K::Call, K::Learned],
        true,
        false,
        || false
    ));
}

#[test]
fn a_banks_own_mail_speaks_of_the_account_there() {
    let engine = engine();
    let facts = |from: &str| PageFacts {
        from: from.into(),
        text: "We have put a credit of $219.84 for AMAZON.COM*RT on your card while we look into \
            it. Log in to your bank account to see it. Do you have your refund already? Then \
            write to us."
            .into(),
        ..PageFacts::default()
    };
    let level = |from| engine.judge_page("", &facts(from)).level;
    assert_eq!(level("Alerts <alerts@chase.com>"), Level::Quiet);
    assert_eq!(level("Alerts <alerts@chase.com.example>"), Level::Caution);
}

#[test]
fn a_page_cannot_make_up_its_sender_and_have_itself_called() {
    let engine = engine();
    let level = |url, from: &str| {
        let facts = PageFacts {
            from: from.into(),
            text: "Your Amazon Prime membership renews today for £139.99. If you did not \
                authorise this, call our cancellation desk at once on 0808 157 0142."
                .into(),
            ..PageFacts::default()
        };
        [false, true].map(|framed| engine.judge_frame(url, &facts, framed).level)
    };
    let amazon = "Amazon <order-update@amazon.co.uk>";
    for url in ["https://mail.google.com/mail/u/0/#inbox", ""] {
        assert_eq!(level(url, amazon), [Level::Quiet; 2], "{url}");
    }
    let own = "https://cancellations.example/";
    assert_eq!(level(own, amazon), [Level::Caution; 2]);
    assert_eq!(level(own, "Chase <alerts@chase.com>"), [Level::Caution; 2]);
}

#[test]
fn a_title_takes_away_nothing_that_a_page_is_made_of() {
    let engine = engine();
    let level = |title: &str| {
        let facts = PageFacts {
            title: title.into(),
            text: "Amazon Sign-In. Enter your password.".into(),
            ids: vec!["ap_email".into(), "ap_password".into()],
            loose_fields: vec![Field {
                kind: "password".into(),
                ..Field::default()
            }],
            ..PageFacts::default()
        };
        let url = "https://amazon-login-verify.top/ap/signin";
        engine.judge_page(url, &facts).level
    };
    assert_eq!(level("Amazon Sign-In"), Level::Caution);
    assert_eq!(level("Amazon Sign-In Amazon rainforest"), Level::Caution);
}

#[test]
fn links_behind_many_others_are_looked_at() {
    let engine = engine();
    let mut facts = PageFacts {
        text: "Your Amazon account is on hold.".into(),
        link_hosts: (0..200).map(|n| format!("shop{n}.example")).collect(),
        ..PageFacts::default()
    };
    let score = |facts: &PageFacts| engine.judge_page("", facts).score;
    let without = score(&facts);
    facts.link_hosts.push("amazon-refund-desk.top".into());
    assert!(score(&facts) > without);
}

#[test]
fn whose_name_has_the_letters_is_not_amazon() {
    let engine = engine();
    let codes_of = |from: &str| {
        let mail = PageFacts {
            from: from.to_owned(),
            text: "Thank you for your order of £39.99. Call us on 020 7946 0018.".to_owned(),
            ..PageFacts::default()
        };
        codes(&engine.judge_page("", &mail)).contains(&"brand_sender")
    };
    for from in [
        "Amazonite Beads <shop@amazonitebeads.example>",
        "Victoria Amazonica <garden@lilies.example>",
        "Kamzny <k@kamzny.example>",
    ] {
        assert!(!codes_of(from), "{from}");
    }
    for from in ["Amzn <a@mail.example>", "AMZ-Refund <a@mail.example>"] {
        assert!(codes_of(from), "{from}");
    }
}

#[test]
fn a_frame_without_a_title_is_a_message_and_no_site() {
    let engine = engine();
    let level = |url, title: &str, framed| {
        let facts = PageFacts {
            title: title.into(),
            text: "Hello, this is David from the support team. Please install AnyDesk and read me \
                the code."
                .into(),
            ..PageFacts::default()
        };
        engine.judge_frame(url, &facts, framed).level
    };
    let webmail = "https://mail.fernpost.example/";
    assert_eq!(level("", "", false), Level::Caution);
    assert_eq!(level(webmail, "", true), Level::Caution);
    assert_eq!(level(webmail, "", false), Level::Quiet);
    assert_eq!(level(webmail, "A site in a frame", true), Level::Quiet);
}

#[test]
fn a_page_without_its_address_is_where_its_secrets_go() {
    let engine = engine();
    let level = |url: &str, target: &str| {
        let fields = ["password", "email"].map(|kind| Field {
            kind: kind.into(),
            id: format!("ap_{kind}"),
            ..Field::default()
        });
        let facts = PageFacts {
            text: "Sign in\nVerify your account within 24 hours or it will be suspended".into(),
            forms: vec![crate::Form {
                fields: fields.to_vec(),
                targets: vec![target.into()],
            }],
            ..PageFacts::default()
        };
        engine.judge_page(url, &facts).level
    };
    assert_eq!(level("", "www.imdb.com"), Level::Quiet);
    assert_eq!(level("", "collect.example"), Level::Caution);
    for url in ["https://sign-in.example/", "data:text/html,"] {
        assert_eq!(level(url, "www.imdb.com"), Level::Caution, "{url}");
    }
}

#[test]
fn a_secret_that_goes_to_a_stranger_is_told() {
    let engine = engine();
    let sent = |kind: &str, target: &str| {
        let field = Field {
            kind: kind.into(),
            ..Field::default()
        };
        let facts = PageFacts {
            text: "Sign in".into(),
            forms: vec![crate::Form {
                fields: vec![field],
                targets: vec![target.into()],
            }],
            ..PageFacts::default()
        };
        let verdict = engine.judge_page("https://www.lamps.co.uk/account", &facts);
        assert_eq!(verdict.level, Level::Quiet, "alone it warns of nothing");
        codes(&verdict) == ["form_elsewhere"]
    };
    assert!(sent("password", "collect.example"));
    assert!(sent("password", "192.0.2.7"));
    assert!(!sent("email", "collect.example"), "no secret");
    for target in [
        "login.lamps.co.uk",
        "www.amazon.co.uk",
        "www.paypal.com",
        "tenant.auth0.com",
    ] {
        assert!(!sent("password", target), "{target}");
    }
    assert!(sent("password", "notauth0.com"));
}

/// As much as the reader takes, of letters of three bytes.
#[test]
fn what_stands_behind_a_long_text_in_any_script_is_read() {
    let scam = "Your Amazon Prime membership renews today for £79.99. If you did not authorise this, \
                call our Amazon refund department now on 0808 157 0142.";
    let text = format!("{}\n{scam}", "湖は静かだった。".repeat(24_000));
    assert_eq!(page(engine(), "", &text).level, Level::Caution);
}

#[test]
fn a_message_that_leads_to_amazon_alone_asks_for_nothing() {
    let engine = engine();
    let level = |rest: &str| {
        let facts = PageFacts {
            from: "Amazon".into(),
            text: format!(
                "Amazon: sign-in attempt from Leeds. If this wasn't you, tap to deny: {rest}"
            ),
            ..PageFacts::default()
        };
        engine.judge_page("", &facts).level
    };
    let own = "https://amazon.co.uk/a/c/r";
    assert_eq!(level(own), Level::Quiet);
    assert_eq!(level("https://amazon-deny.example/a"), Level::Caution);
    assert_eq!(
        level(&format!("{own} or https://deny.example/a")),
        Level::Caution
    );
    assert_eq!(
        level(&format!("{own} or call 0808 157 0142")),
        Level::Caution
    );
}

#[test]
fn a_password_is_asked_in_amazons_name_by_a_title_or_pictures_and_not_by_a_shops_button() {
    let engine = engine();
    let asks = |title: &str, text: &str, pictures: &str| {
        let field = Field {
            kind: "password".into(),
            ..Field::default()
        };
        let facts = PageFacts {
            title: title.into(),
            text: text.into(),
            loose_fields: vec![field],
            image_hosts: vec![pictures.into()],
            ..PageFacts::default()
        };
        let verdict = engine.judge_page("https://www.lamps.example/account", &facts);
        codes(&verdict).contains(&"form_credentials")
    };
    let amazons = "images-na.ssl-images-amazon.com";
    assert!(asks("Sign in", "Password", amazons));
    assert!(!asks("Sign in", "Password. Or log in with Amazon", amazons));
    assert!(!asks("Sign in", "Password", "img.lamps.example"));
    assert!(asks("Seller Central", "Password", "img.lamps.example"));
    assert!(!asks(
        "Tools for Seller Central users",
        "Password",
        "img.lamps.example"
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_facts_give_a_verdict(
        url in "\\PC{0,30}",
        title in "\\PC{0,30}",
        from in "\\PC{0,30}",
        text in "(your |amazon|#amazon|4ccount|p.r.i.m.e |a m a z o n |anydesk|press 1|&amp;|\
            [. \n/。-]|\u{34e}|\u{200b}|\u{430}|\\PC){0,60}",
    ) {
        let engine = engine();
        let facts = PageFacts { title, from, text, ..PageFacts::default() };
        let verdict = engine.judge_page(&url, &facts);
        prop_assert!(verdict.score.is_finite());
        prop_assert!(verdict.reasons.len() <= MOST_REASONS);
        let units: Vec<u16> = facts.text.encode_utf16().collect();
        let words = verdict.reasons.iter().flat_map(|reason| &reason.words);
        // Words of the title have no place in the text.
        for words in words.filter(|words| words.end > 0) {
            let there = units.get(words.start as usize..words.end as usize);
            prop_assert_eq!(there.map(String::from_utf16_lossy), Some(words.text.clone()));
        }
        engine.judge_typed(&url, &facts.text);
        engine.judge_address(&url);
    }
}
