extension ConsentText {
    /// The languages that have usual words.
    package static let usualLanguages = [fallback, "es", "ar"]

    /// Words for a new program: at most 120 for each purpose in English, at most 15 in a sentence. The program may
    /// publish its own instead. Nil in a language that has none.
    package static func usual(for purpose: Consent.Purpose, in language: String = fallback) -> String? {
        switch language {
        case fallback: usualInEnglish(for: purpose)
        case "es": usualInSpanish(for: purpose)
        case "ar": usualInArabic(for: purpose)
        default: nil
        }
    }

    private static func usualInEnglish(for purpose: Consent.Purpose) -> String {
        switch purpose {
        case .takePart: takePart
        case .shareStatus: shareStatus
        case .contactByPhone: phone
        case .contactByText: text
        case .contactByEmail: email
        case .contactByLetter: letter
        }
    }

    private static let takePart = """
        We offer support from a peer. A peer is a person who has been through something like it. A peer listens, \
        shares and helps you find your way. A peer is not a doctor or a nurse.

        If you say yes, we look for a peer who suits you. We keep your name, your wishes and when you meet. You can \
        read the notes your peer writes with you. You can say if they are wrong.

        What you say stays in our team. If a life is in danger, we must get help.

        It is free. It is your choice. You can stop at any time, and you need no reason. Your care stays the same if \
        you say no.
        """

    private static let shareStatus = """
        Somebody told us about you. It may have been your nurse, your doctor or your clinic. They would like to hear \
        how it goes.

        If you say yes, they see how far things are. They see that you met your peer, and when it ends. They never \
        see what you talk about. They never see the notes.

        If you say no, they only see that we got their letter. They also see if we could take it on. You can still \
        have a peer.

        You can change your mind at any time. From then on they see no more.
        """

    private static let phone = """
        We would like to call you, to find a time to meet and to talk.

        If you say yes, we or your peer may call the number you gave us. We leave a message only if you told us that \
        is fine. We will not say what it is about to anyone else.

        If you say no, we do not call. You can still have a peer and meet in other ways.

        You can change your mind at any time. Then we stop.
        """

    private static let text = """
        We would like to send you short text messages. They tell you when you meet and if something changes.

        If you say yes, we text the number you gave us. The texts do not say what your support is about. Other \
        people may see your phone, so think about who holds it.

        If you say no, we do not text. You can still have a peer.

        You can change your mind at any time. Then we stop.
        """

    private static let email = """
        We would like to send you email. It tells you when there is something new for you here.

        If you say yes, we write to the address you gave us. The email does not say what your support is about. \
        Other people may read your mail, so think about who can open it.

        If you say no, we send no email. You can still have a peer.

        You can change your mind at any time. Then we stop.
        """

    private static let letter = """
        We would like to send you letters. They hold things to read or to keep.

        If you say yes, we write to the home address you gave us. The outside shows only where it should go back \
        to. Think about who opens the mail at your home.

        If you say no, we send no letters. You can still have a peer.

        You can change your mind at any time. Then we stop.
        """
}
