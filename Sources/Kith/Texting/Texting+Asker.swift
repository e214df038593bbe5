import Storage
import Web

extension Texting {
    /// Whoever sent a message, as far as that can be known, and what is done for them.
    struct Asker {
        let message: Message
        let holders: [NumberHolder]
        let house: TextHouse
        let translate: (String) -> Words

        /// Does what the message asks for.
        /// - Returns: what they are told; nil where nothing more is to be said.
        func answer(in db: Writing) throws -> TextAnswer? {
            let answer = try done(in: db)
            guard message.worry != nil else { return answer }
            let isHandedOn = try handOn(in: db)
            // Whoever wants no more of them gets the word that there will be none, and nothing beside it.
            if message.reading?.command == .stop { return answer }
            return isHandedOn ? .danger : .urgent
        }

        private func done(in db: Writing) throws -> TextAnswer? {
            switch message.reading?.command {
            case .stop: return try stop(in: db)
            case .yes, .no, .cancel: return try answered(in: db)
            case .start:
                if try TextStop.undo(message.number, in: db) { record(.textsStarted, in: db) }
                return .started
            case .help: return .help
            case .call: return try referral(isUrgent: false, in: db) == nil ? .unknown : .called
            case nil: return .unknown
            }
        }

        private func stop(in db: Writing) throws -> TextAnswer? {
            guard try TextStop.stop(message.number, in: db) else { return nil }
            record(.textsStopped, in: db)
            return .stopped
        }

        /// An answer to what they were asked last. “Cancel” is that only where they were asked whether a contact suits;
        /// else it says what it says to every carrier.
        private func answered(in db: Writing) throws -> TextAnswer? {
            let isCancel = message.reading?.command == .cancel
            guard db.actor.person != nil, let question = try EncounterQuestion.open(in: db),
                !isCancel || question.kind == .coming
            else {
                if isCancel { return try stop(in: db) }
                return holders.count > 1 ? .shared : .nothingAsked
            }
            if isCancel || question.answer == .cancelled {
                try question.take(.cancelled, in: db)
                return .calledOff
            }
            try question.take(message.reading?.command == .yes ? .yes : .no, in: db)
            return .noted
        }

        /// In the record of everybody whose number it is.
        private func record(_ kind: EventKind, in db: Writing) {
            for holder in holders where db.actor.organization == nil || db.actor.organization == holder.organization {
                var event = Event(kind, of: holder.person.text, about: holder.person)
                event.organization = holder.organization
                db.record(event)
            }
        }

        /// The referral whose owner is to call them: the newest that is open for this number, or one that begins now.
        /// Of several people who share a number nobody can tell who wrote, so whoever calls asks.
        /// - Returns: nil where it is nobody's.
        private func referral(isUrgent: Bool, in db: Writing) throws -> Referral? {
            let organization = house.organization.id
            let people = holders.filter { $0.organization == organization }.map(\.person)
            if let open = try Referral.newestOpen(of: people, in: organization, db: db) {
                try open.askForCall(in: db)
                return open
            }
            if let only = people.first, people.count == 1 {
                return try Referral.open(again: only, isUrgent: isUrgent, of: organization, in: db)
            }
            guard house.takesStrangers else { return nil }
            let words = translate(house.organization.locale)
            return try Referral.open(
                for: message.number, named: words("texts.unnamed"), speaking: language, isUrgent: isUrgent,
                of: organization, in: db)
        }

        /// Words of danger: a concern is raised, as the person would by themselves, and people are called. Who they are
        /// is known, or else whoever is called has the number and what was written.
        /// - Returns: whether there is anybody to hand it to.
        private func handOn(in db: Writing) throws -> Bool {
            if let me = db.actor.person, let program = db.actor.roles.first?.program {
                _ = try Concern.raise(
                    Concern.Draft(in: program, about: me, kind: .danger, words: message.text, once: message.key), in: db
                )
                return true
            }
            guard let referral = try referral(isUrgent: true, in: db) else { return false }
            let link = SignedLink(
                .text, of: referral.organization, to: referral.id.text, until: db.now.adding(minutes: 1))
            _ = try Concern.raise(
                Concern.Draft(
                    in: referral.program, about: referral.person, kind: .danger, words: message.text,
                    once: message.key), by: link, in: db)
            return true
        }

        /// Theirs where it is known, else that of the word they used, else the organization's.
        private var language: String {
            if let own = holders.first?.language, holders.allSatisfy({ $0.language == own }) { return own }
            return message.reading?.language ?? house.organization.locale
        }

        /// What they are told: nothing of them, of a program, or of what it is about.
        func told(_ answer: TextAnswer, in db: Reading) throws -> String {
            let (words, organization) = (translate(language), house.organization.id)
            let sender = try (NeutralNames.chosen(by: organization, in: db) ?? .usual(words)).sender
            let help = try UrgentHelp.chosen(by: organization, in: db)
            let emergency = help.emergency ?? UrgentHelp.unitedStates.emergency
            let urgent =
                help.usesNational
                ? words("texts.urgent.national", ["emergency": emergency, "line": UrgentHelp.unitedStates.lifeline])
                : words("texts.urgent.own", ["emergency": emergency])
            let reach =
                db.world.textDesk?.phone.map { words("texts.reach.phone", ["phone": $0]) } ?? words("texts.reach.word")
            return words(
                "texts.reply.\(answer.rawValue)", ["sender": sender, "urgent": urgent, "reach": reach])
        }
    }
}
