// swift-tools-version:6.2
import PackageDescription

/// The product: everything it declares for its tests and the command is `package`, so its imports may be plain.
let productSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error)
]
/// The foundations also say which of their dependencies show in their own declarations.
let settings = productSettings + [.enableUpcomingFeature("InternalImportsByDefault")]

let package = Package(
    name: "kith",
    products: [
        .executable(name: "kith", targets: ["KithCommand"]),
        .executable(name: "kith-bench", targets: ["KithBench"]),
        // For the package Fuzz.
        .library(name: "FuzzTargets", targets: ["FuzzTargets"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0")
    ],
    targets: [
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
        .systemLibrary(name: "CQRencode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        .systemLibrary(
            name: "CMarkGFM", pkgConfig: "libcmark-gfm",
            providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"])]),
        .target(
            name: "Storage",
            dependencies: [
                "CLibPQ", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift")
            ],
            swiftSettings: settings),
        .target(
            name: "Web",
            dependencies: [
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdHTTP2", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
            ],
            swiftSettings: settings),
        .target(name: "Carriers", dependencies: ["CCurl"], swiftSettings: settings),
        .target(name: "FHIR", resources: [.copy("Definitions")], swiftSettings: settings),
        .target(name: "Matching", swiftSettings: settings),
        .target(name: "Media", swiftSettings: settings),
        .target(name: "Schedules", swiftSettings: settings),
        .target(name: "Screening", resources: [.copy("Rules")], swiftSettings: settings),
        .target(name: "Statistics", swiftSettings: settings),
        .target(
            name: "WebAuthn",
            dependencies: [
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto")
            ],
            swiftSettings: settings),
        .target(
            name: "Kith",
            dependencies: [
                "Storage", "Web", "Matching", "Media", "Schedules", "Screening", "Statistics", "WebAuthn", "CArgon2",
                "CQRencode", "CMarkGFM",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log")
            ],
            resources: [.copy("Templates"), .copy("Strings"), .copy("Assets"), .copy("People/Passwords")],
            swiftSettings: productSettings),
        .target(
            name: "KithInterop",
            dependencies: [
                "Kith", "FHIR", "Media", "Storage", "Web",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log")
            ],
            swiftSettings: productSettings),
        .executableTarget(
            name: "KithCommand",
            dependencies: [
                "Carriers", "Kith", "KithInterop", "FHIR", "Matching", "Screening", "Storage", "Web",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle")
            ],
            resources: [.copy("Demonstration")],
            swiftSettings: productSettings),
        .executableTarget(
            name: "KithBench",
            dependencies: [
                "CLibPQ", "Kith", "KithInterop", "Storage", "Web",
                .product(name: "ArgumentParser", package: "swift-argument-parser")
            ],
            swiftSettings: productSettings),
        .target(
            name: "KithTestSupport",
            dependencies: [
                "Kith", "Storage", "StorageTestSupport", "Web",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log")
            ],
            path: "Tests/KithTestSupport",
            swiftSettings: productSettings),
        // Every parser of what comes from outside, for the package Fuzz and for FuzzTests.
        .target(
            name: "FuzzTargets",
            dependencies: [
                "FHIR", "Kith", "KithInterop", "Media", "Storage", "Web", "WebAuthn",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio")
            ],
            path: "Tests/FuzzTargets",
            swiftSettings: productSettings),
        .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets"], swiftSettings: productSettings),
        // A disk that loses power, as a SQLite VFS in C.
        .target(name: "PowerCut", path: "Tests/PowerCut", linkerSettings: [.linkedLibrary("sqlite3")]),
        .target(
            name: "StorageTestSupport", dependencies: ["Storage", "CLibPQ"], path: "Tests/StorageTestSupport",
            swiftSettings: settings),
        .testTarget(
            name: "StorageTests", dependencies: ["Storage", "StorageTestSupport", "CLibPQ", "PowerCut"],
            swiftSettings: settings),
        .testTarget(
            name: "WebTests",
            dependencies: [
                "Web",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
            ],
            swiftSettings: settings),
        // Mail servers of every kind, in Python, and a way to start and stop them.
        .target(
            name: "MailSink", path: "Tests/MailSink", exclude: ["sink.py", "gateway.py"],
            swiftSettings: productSettings),
        .testTarget(name: "CarriersTests", dependencies: ["Carriers", "MailSink"], swiftSettings: productSettings),
        .testTarget(name: "FHIRTests", dependencies: ["FHIR"], swiftSettings: settings),
        .testTarget(name: "MatchingTests", dependencies: ["Matching"], swiftSettings: settings),
        .testTarget(name: "MediaTests", dependencies: ["Media"], swiftSettings: settings),
        .testTarget(
            name: "SchedulesTests", dependencies: ["Schedules"], exclude: ["expand.py"], swiftSettings: settings),
        .testTarget(
            name: "ScreeningTests", dependencies: ["Screening"], exclude: ["Labelled"], swiftSettings: settings),
        .testTarget(name: "StatisticsTests", dependencies: ["Statistics"], swiftSettings: settings),
        .testTarget(
            name: "WebAuthnTests", dependencies: ["WebAuthn"], exclude: ["vectors.json"], swiftSettings: settings),
        .testTarget(
            name: "KithTests",
            dependencies: [
                "Kith", "KithInterop", "KithTestSupport", "Storage", "Web", "Matching", "Media", "Schedules",
                "Screening", "Statistics", "WebAuthn", .product(name: "HTTPTypes", package: "swift-http-types")
            ],
            exclude: [
                "Architecture/released-migrations.txt", "Architecture/ar-same.txt", "Architecture/es-same.txt"
            ],
            swiftSettings: productSettings),
        .testTarget(
            name: "KithInteropTests",
            dependencies: [
                "KithInterop", "Kith", "KithTestSupport", "FHIR", "Storage", "Web",
                .product(name: "HTTPTypes", package: "swift-http-types")
            ],
            swiftSettings: productSettings),
        .testTarget(
            name: "KithCommandTests",
            dependencies: [
                "Carriers", "KithCommand", "Kith", "KithInterop", "FHIR", "MailSink", "Storage", "StorageTestSupport",
                "Web"
            ],
            swiftSettings: productSettings)
    ]
)
