extension Conversation {
    package static let feature = Feature(name: "Conversations", migrations: migrations)
}
