// swift-tools-version:6.2
import PackageDescription

// The parsers of what comes from outside, with a fuzzer around them: scripts/fuzz. A package of its own, so that nothing
// here is built with Kith; the sources are Kith's own, by links.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault")
]

let package = Package(
    name: "fuzz",
    dependencies: [
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0")
    ],
    targets: [
        .target(name: "FHIR", resources: [.copy("Definitions")], swiftSettings: settings),
        .target(
            name: "Web",
            dependencies: [
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
            ],
            // What only carries connections, and needs TLS.
            exclude: [
                "Edge/ConnectionGuard.swift", "Edge/SecureChannel.swift", "Edge/ServerCertificate.swift",
                "Edge/ServerLimits.swift", "Edge/TransportGuard.swift"
            ],
            swiftSettings: settings),
        // The fuzzer brings each program's beginning.
        .executableTarget(
            name: "FuzzFHIR", dependencies: ["FHIR"], swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]),
        .executableTarget(
            name: "FuzzWeb",
            dependencies: [
                "Web", .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"), .product(name: "NIOCore", package: "swift-nio")
            ],
            swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])])
    ]
)
